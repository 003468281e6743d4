//! Everything that is asked of directories.

use keystead_model::{Action, Error};

use super::Engine;
use crate::directory::Desk;
use crate::ops::iam::IamOperation;
use crate::{Permit, accounts};

impl Engine {
    /// See the operations in [`ops::iam`](crate::ops::iam).
    ///
    /// # Errors
    /// Whatever of [`Error`] applies; it has been recorded.
    pub async fn iam<Op: IamOperation>(&self, mut permit: Permit<Op>) -> Result<Op::Answer, Error> {
        let (call, caller) = permit.entry.asked()?;
        let account = match accounts::of(&caller) {
            Ok(account) => account,
            Err(error) => return permit.refuse(error).await,
        };
        let (directory, world) = (&self.directory, &self.world);
        let desk = Desk { directory, rows: directory.rows(account), caller: &caller, call: &call, world };
        let _turn = match only_asks(Op::ACTION) {
            true => None,
            false => Some(match directory.turn_now(account) {
                Some(turn) => turn,
                None => {
                    let turn = directory.turn(account).await;
                    // Whoever was before may have taken the permission away.
                    if let Err(error) = self.decide_again(&mut permit) {
                        return permit.refuse(error).await;
                    }
                    turn
                }
            }),
        };
        permit.change(&self.vault, |op, _, _| op.plan(&desk)).await
    }
}

/// Whether a request of this action changes nothing, so that it need not wait for those that do.
fn only_asks(action: Action) -> bool {
    ["Get", "List"].iter().any(|start| action.verb().starts_with(start))
}
