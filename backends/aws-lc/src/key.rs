//! An owned `EVP_PKEY`.

use std::ptr::NonNull;

use aws_lc_sys::{EVP_PKEY, EVP_PKEY_CTX, EVP_PKEY_CTX_free, EVP_PKEY_CTX_new, EVP_PKEY_free};

use crate::Failed;

/// A key object of the library. Freed, and its secrets wiped, when dropped.
pub(crate) struct Key(NonNull<EVP_PKEY>);

// WHY: a raw pointer is neither, so the compiler has to be told.
// SOUND: the pointer is this value's alone; nothing in an EVP_PKEY belongs to the thread that made it.
unsafe impl Send for Key {}
// WHY: as above.
// SOUND: evp.h promises that one EVP_PKEY may be used by many threads at once through functions that do not change
// it. Only contexts are made from it here, which counts a reference (atomically) and changes nothing else.
unsafe impl Sync for Key {}

impl Key {
    /// Takes over what a function of the library answered.
    pub(crate) fn own(pointer: *mut EVP_PKEY) -> Result<Self, Failed> {
        NonNull::new(pointer).map(Self).ok_or(Failed)
    }

    pub(crate) fn as_ptr(&self) -> *mut EVP_PKEY {
        self.0.as_ptr()
    }

    pub(crate) fn context(&self) -> Result<Context, Failed> {
        // WHY: the library has no other way to begin an operation with a key.
        // SOUND: the key is live; the context takes a reference of its own to it; a null engine is the default.
        let pointer = unsafe { EVP_PKEY_CTX_new(self.as_ptr(), std::ptr::null_mut()) };
        NonNull::new(pointer).map(Context).ok_or(Failed)
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        // WHY: memory of the library is given back to the library.
        // SOUND: the pointer came from the library, is owned by this value alone and is not used again.
        unsafe { EVP_PKEY_free(self.as_ptr()) }
    }
}

/// One operation with a key.
pub(crate) struct Context(NonNull<EVP_PKEY_CTX>);

impl Context {
    pub(crate) fn as_ptr(&mut self) -> *mut EVP_PKEY_CTX {
        self.0.as_ptr()
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // WHY: memory of the library is given back to the library.
        // SOUND: the pointer came from EVP_PKEY_CTX_new, is owned by this value alone and is not used again.
        unsafe { EVP_PKEY_CTX_free(self.0.as_ptr()) }
    }
}
