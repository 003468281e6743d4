//! What requests about a directory are about: things in the caller's own account, by name or ARN.

use keystead_model::{AccountId, Error, IamArn, IamKind, IamPath, Principal, Resource};

use super::{Authority, Operation};
use crate::ops::iam::Target;

impl<Op: Operation> Authority<'_, Op> {
    /// Asks policy about what an operation on the directory is about. What does not exist is asked about by the ARN it
    /// would have; that it does not exist is told only to whom policy allows the operation.
    pub(super) fn in_directory(&mut self, target: Target<'_>) -> Result<(), Error> {
        let account = self.own_directory()?;
        match target {
            Target::Account => self.account(),
            Target::Named(kind, name) => self.named(account, kind, name),
            Target::UserOrCaller(Some(name)) => self.named(account, IamKind::User, name.as_str()),
            Target::UserOrCaller(None) => match &self.caller.principal {
                Principal::User { name, .. } => {
                    let name = name.clone();
                    self.named(account, IamKind::User, name.rsplit('/').next().unwrap_or(&name))
                }
                _ => self.account(),
            },
            Target::AccessKey(id) => match self.directory.access_key(id)?.map(|(_, key)| key.principal) {
                Some(Principal::User { account: owner, name, .. }) if owner == account => {
                    self.named(account, IamKind::User, name.rsplit('/').next().unwrap_or(&name))
                }
                // The root's, a stranger's, or none.
                _ => self.account(),
            },
            Target::Arn(arn) => self.of_arn(account, arn),
            Target::New { kind, path, name, tag } => {
                let arn = Resource::Iam(arn_of(account, kind, path, name));
                self.on(&arn)?;
                match tag {
                    None => Ok(()),
                    Some(tag) => self.ask(tag, &arn, None, None),
                }
            }
            Target::Renamed { kind, name, new_name, new_path } => {
                self.renamed(account, kind, name, new_name, new_path)
            }
        }
    }

    /// The account whose directory is meant: no other one can be.
    fn own_directory(&self) -> Result<AccountId, Error> {
        let none = || Error::Invalid("a principal without an account has no directory".into());
        self.caller.principal.account().ok_or_else(none)
    }

    fn named(&mut self, account: AccountId, kind: IamKind, name: &str) -> Result<(), Error> {
        let arn = self.look_up(account, kind, name)?;
        self.on(&Resource::Iam(arn))
    }

    fn of_arn(&mut self, account: AccountId, arn: &IamArn) -> Result<(), Error> {
        match arn.account {
            Some(owner) if owner != account => {
                return Err(self.not_own(Op::ACTION, Resource::Iam(arn.clone())));
            }
            Some(_) => {
                let found = self.directory.entity(account, arn.kind, arn.short_name())?;
                self.entity = found.filter(|found| found.arn == *arn);
            }
            // What comes with Keystead has no labels.
            None => {}
        }
        self.on(&Resource::Iam(arn.clone()))
    }

    /// Whoever renames something needs the permission on what it was and on what it will be.
    fn renamed(
        &mut self,
        account: AccountId,
        kind: IamKind,
        name: &str,
        new_name: Option<&str>,
        new_path: Option<&IamPath>,
    ) -> Result<(), Error> {
        let before = self.look_up(account, kind, name)?;
        let path = new_path.map_or_else(|| before.path(), |path| path.as_str().to_owned());
        let after = arn_of(account, kind, &path, new_name.unwrap_or(before.short_name()));
        if after != before {
            self.ask(Op::ACTION, &Resource::Iam(after), None, None)?;
        }
        self.on(&Resource::Iam(before))
    }

    /// The ARN of what goes by a name, which conditions may ask about from then on; if nothing does, the ARN it would have.
    fn look_up(&mut self, account: AccountId, kind: IamKind, name: &str) -> Result<IamArn, Error> {
        self.entity = self.directory.entity(account, kind, name)?;
        let arn = self.entity.as_ref().map(|entity| entity.arn.clone());
        Ok(arn.unwrap_or_else(|| arn_of(account, kind, "/", name)))
    }

    fn on(&mut self, resource: &Resource) -> Result<(), Error> {
        self.entry.resource = Some(resource.to_string().into());
        self.ask(Op::ACTION, resource, None, None)
    }
}

fn arn_of(account: AccountId, kind: IamKind, path: &str, name: &str) -> IamArn {
    let name = [path.trim_start_matches('/'), name].concat();
    IamArn { account: Some(account), kind, name: name.into() }
}
