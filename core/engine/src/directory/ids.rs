//! Unique ids: what tells a user from another who had the same name before.

use keystead_model::IamKind;
use keystead_model::world::Entropy;

/// Characters behind the prefix.
const CHARACTERS: usize = 17;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new id: four letters for the kind, and 17 characters of base 32, 85 bits. Providers and MFA devices have none on the
/// wire; a name without an id is told apart by when it was made.
pub fn unique_id(kind: IamKind, entropy: &dyn Entropy) -> Box<str> {
    let prefix = match kind {
        IamKind::User => "AIDA",
        IamKind::Group => "AGPA",
        IamKind::Role => "AROA",
        IamKind::Policy | IamKind::OidcProvider | IamKind::Mfa => "ANPA",
    };
    let mut random = [0; CHARACTERS];
    entropy.fill(&mut random);
    let letters = random.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    prefix.chars().chain(letters).collect::<String>().into()
}
