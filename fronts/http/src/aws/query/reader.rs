//! Reads parameters into the structures of a service model, every limit checked.
//!
//! The model asks for its members by name; parameters that it does not know are passed over, as AWS does. A value where
//! there should be a list or a structure, or the other way round, is malformed; so is a list whose items are not counted
//! from 1 without gaps. A value outside the model's limits is a violation: all of them are told at once, in AWS's words.
//! How deep members nest is bounded by the model, which has no structure within itself.

use keystead_engine::SecretBytes;

use super::super::rules::{ITEMS_MAX, IntegerRule, ListRule, Malformed, Place, Text, TextRule, Violations};
use super::parameters::{Parameter, Parameters};
use crate::door::Refusal;

/// A shape with members, each read by its name.
pub trait Structure<'a>: Sized {
    /// Reads all of its members, and notes each required one that is absent.
    ///
    /// # Errors
    /// [`Malformed`] if a parameter has not the form of its member.
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed>;
}

/// The input of an operation that has none.
pub struct Nothing;

impl<'a> Structure<'a> for Nothing {
    fn read(_: &mut Reader<'a>) -> Result<Self, Malformed> {
        Ok(Self)
    }
}

/// Reads parameters as one structure.
///
/// # Errors
/// [`Refusal::Serialization`] if they are malformed, [`Refusal::Validation`] if they break limits.
pub fn read<'a, T: Structure<'a>>(parameters: Parameters<'a>) -> Result<T, Refusal> {
    let mut reader = Reader {
        parameters: parameters.into_sorted(),
        prefix: String::new(),
        place: Place::default(),
        violations: Violations::default(),
    };
    let value = T::read(&mut reader)?;
    reader.violations.refusal().map_or(Ok(value), Err)
}

/// A place among the parameters.
pub struct Reader<'a> {
    /// Ascending by name.
    parameters: Vec<Parameter<'a>>,
    /// What the names of members begin with here, its last dot included.
    prefix: String,
    place: Place,
    violations: Violations,
}

impl<'a> Reader<'a> {
    /// Reads a text.
    ///
    /// # Errors
    /// [`Malformed`], as all readers of members, if the parameter has not the form of its member.
    pub fn text(
        &mut self,
        name: &'static str,
        rule: &'static TextRule,
    ) -> Result<Option<Text<'a>>, Malformed> {
        let text = self.scalar(name)?;
        for broken in text.iter().flat_map(|text| rule.broken(text)) {
            self.violate(name, text.as_deref(), &broken);
        }
        Ok(text)
    }

    /// Reads a text that is a secret: no message tells it.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn secret_text(
        &mut self,
        name: &'static str,
        rule: &'static TextRule,
    ) -> Result<Option<SecretBytes>, Malformed> {
        let text = self.scalar(name)?;
        for broken in text.iter().flat_map(|text| rule.broken(text)) {
            self.violate(name, None, &broken);
        }
        Ok(text.map(|text| SecretBytes::copy_from(text.as_bytes())))
    }

    /// Reads an integer: decimal digits, with a minus sign or without.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn integer(
        &mut self,
        name: &'static str,
        rule: &'static IntegerRule,
    ) -> Result<Option<i32>, Malformed> {
        let Some(text) = self.scalar(name)? else { return Ok(None) };
        let digits = text.strip_prefix('-').unwrap_or(&text);
        let value = match digits.bytes().all(|b| b.is_ascii_digit()) {
            true => text.parse().ok(),
            false => None,
        };
        let value = value.ok_or_else(|| self.wrong(name, "an Integer"))?;
        for broken in rule.broken(value) {
            self.violate(name, Some(&text), &broken);
        }
        Ok(Some(value))
    }

    /// Reads a boolean, `true` or `false`.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn boolean(&mut self, name: &'static str) -> Result<Option<bool>, Malformed> {
        match self.scalar(name)?.as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(self.wrong(name, "a Boolean")),
        }
    }

    /// Reads a structure.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn structure<T: Structure<'a>>(&mut self, name: &'static str) -> Result<Option<T>, Malformed> {
        if self.position(name).is_some() {
            return Err(self.wrong(name, "a structure"));
        }
        if !self.has_within(name) {
            return Ok(None);
        }
        self.place.member(name);
        let value = self.within(name, T::read)?;
        self.place.out();
        Ok(Some(value))
    }

    /// Reads a list of texts. What breaks the rule of an item is told of the list, as AWS does.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn texts(
        &mut self,
        name: &'static str,
        rule: &'static ListRule,
        of: &'static TextRule,
    ) -> Result<Option<Vec<Text<'a>>>, Malformed> {
        let Some(count) = self.items(name)? else { return Ok(None) };
        let mut items = Vec::with_capacity(count);
        for index in 1..=count {
            let item = self.within(name, |reader| reader.scalar(&format!("member.{index}")))?;
            items.push(item.ok_or_else(|| self.wrong(name, "a list of texts"))?);
        }
        if items.iter().any(|item| of.broken(item).next().is_some()) {
            self.violate(name, Some(&format!("[{}]", items.join(", "))), &of.of_items());
        }
        self.count(name, rule, count);
        Ok(Some(items))
    }

    /// Reads a list of structures.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn structures<T: Structure<'a>>(
        &mut self,
        name: &'static str,
        rule: &'static ListRule,
    ) -> Result<Option<Vec<T>>, Malformed> {
        let Some(count) = self.items(name)? else { return Ok(None) };
        let mut items = Vec::with_capacity(count);
        self.place.member(name);
        for index in 0..count {
            let member = format!("member.{}", index + 1);
            self.place.item(index);
            items.push(self.within(name, |reader| match reader.position(&member) {
                Some(_) => Err(reader.wrong(&member, "a structure")),
                None => reader.within(&member, T::read),
            })?);
            self.place.out();
        }
        self.place.out();
        self.count(name, rule, count);
        Ok(Some(items))
    }

    /// Notes an absent required member.
    pub fn require(&mut self, name: &'static str, is_there: bool) {
        if !is_there {
            self.violations.note_absent(&self.place.to(name));
        }
    }

    // --- Names ----------------------------------------------------------------------------------------------

    /// The value of a member that has nothing within it.
    fn scalar(&mut self, name: &str) -> Result<Option<Text<'a>>, Malformed> {
        if self.has_within(name) {
            return Err(self.wrong(name, "a value"));
        }
        // Each member is read once, so the value can be taken away.
        Ok(self.position(name).map(|at| std::mem::take(&mut self.parameters[at].value)))
    }

    /// How many items a list has; `None` if it is absent. An empty value is an empty list.
    fn items(&mut self, name: &'static str) -> Result<Option<usize>, Malformed> {
        let is_empty = match self.position(name) {
            Some(at) if self.parameters[at].value.is_empty() => true,
            Some(_) => return Err(self.wrong(name, "a list")),
            None => false,
        };
        let start = format!("{}{name}.", self.prefix);
        let mut indices = Vec::new();
        for parameter in self.beginning(&start) {
            let index = parameter.name[start.len()..].strip_prefix("member.").and_then(index);
            indices.push(index.ok_or_else(|| self.wrong(name, "a list of 'member.1' and on"))?);
        }
        indices.sort_unstable();
        indices.dedup();
        match indices.iter().zip(1..).all(|(index, expected)| *index == expected) {
            true if indices.is_empty() => Ok(is_empty.then_some(0)),
            true if !is_empty => Ok(Some(indices.len())),
            _ => Err(self.wrong(name, "a list of 'member.1' and on, without gaps")),
        }
    }

    /// Reads what is within a member.
    fn within<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Self) -> Result<T, Malformed>,
    ) -> Result<T, Malformed> {
        let outer = self.prefix.len();
        self.prefix.push_str(name);
        self.prefix.push('.');
        let value = read(self)?;
        self.prefix.truncate(outer);
        Ok(value)
    }

    fn has_within(&self, name: &str) -> bool {
        self.beginning(&format!("{}{name}.", self.prefix)).next().is_some()
    }

    /// The parameters whose names begin so. They stand side by side.
    fn beginning<'s>(&'s self, start: &'s str) -> impl Iterator<Item = &'s Parameter<'a>> {
        let first = self.parameters.partition_point(|parameter| *parameter.name < *start);
        self.parameters[first..].iter().take_while(move |parameter| parameter.name.starts_with(start))
    }

    fn position(&self, name: &str) -> Option<usize> {
        let wanted = [self.prefix.as_str(), name].concat();
        self.parameters.binary_search_by(|parameter| (*parameter.name).cmp(&wanted)).ok()
    }

    fn wrong(&self, name: &str, wanted: &str) -> Malformed {
        Malformed(format!("the parameter '{}{name}' is not {wanted}", self.prefix).into())
    }

    fn count(&mut self, name: &'static str, rule: &ListRule, items: usize) {
        if let Some((value, broken)) = rule.broken(items) {
            self.violate(name, value, &broken);
        }
    }

    fn violate(&mut self, name: &'static str, value: Option<&str>, constraint: &str) {
        self.violations.note(&self.place.to(name), value, constraint);
    }
}

/// The index that a name begins with, up to its end or a dot: 1 and on, without leading zeros.
fn index(name: &str) -> Option<usize> {
    let digits = name.split_once('.').map_or(name, |(digits, _)| digits);
    let is_plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    let index = if is_plain { digits.parse().ok()? } else { return None };
    (1..=ITEMS_MAX).contains(&index).then_some(index)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::iam_model::{
        CreateOpenIDConnectProviderRequest, CreateRoleRequest, CreateUserRequest, ListUsersRequest,
        UpdateAccessKeyRequest,
    };
    use super::super::super::sts_model::{AssumeRoleRequest, AssumeRoleWithWebIdentityRequest};
    use super::*;

    fn take<'a, T: Structure<'a>>(form: &'a str) -> T {
        read(Parameters::of_form(form).expect("a form")).unwrap_or_else(|refusal| panic!("{refusal:?}"))
    }

    fn refusal<'a, T: Structure<'a>>(form: &'a str) -> String {
        match read::<T>(Parameters::of_form(form).expect("a form")) {
            Err(Refusal::Validation(message)) => message,
            Err(Refusal::Serialization(message)) => format!("malformed: {message}"),
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("{form} was taken"),
        }
    }

    #[test]
    fn members_lists_and_structures_are_read_in_any_order() {
        let form = "Tags.member.2.Value=2&Tags.member.10.Key=j&Tags.member.2.Key=b&UserName=ada&Tags.member.1.Key=a\
                    &Tags.member.1.Value=&Action=CreateUser&Unknown.member.7=x&Path=/team/";
        let more: String = (3..=10).map(|n| format!("&Tags.member.{n}.Value=v")).collect();
        let keys: String = (3..=9).map(|n| format!("&Tags.member.{n}.Key=k{n}")).collect();
        let form = format!("{form}{more}{keys}");
        let user: CreateUserRequest<'_> = take(&form);
        assert_eq!(user.user_name.as_deref(), Some("ada"));
        assert_eq!(user.path.as_deref(), Some("/team/"));
        assert!(user.permissions_boundary.is_none());
        let tags = user.tags.expect("given");
        assert_eq!(tags.len(), 10);
        assert_eq!((tags[0].key.as_deref(), tags[0].value.as_deref()), (Some("a"), Some("")));
        assert_eq!((tags[9].key.as_deref(), tags[9].value.as_deref()), (Some("j"), Some("v")));
        let session: AssumeRoleRequest<'_> = take(
            "RoleArn=arn:aws:iam::111122223333:role/r&RoleSessionName=me&DurationSeconds=900\
             &TransitiveTagKeys.member.1=a&PolicyArns.member.1.arn=arn:aws:iam::aws:policy/x&Tags=",
        );
        assert_eq!(session.duration_seconds, Some(900));
        assert_eq!(session.transitive_tag_keys.map(|keys| keys.len()), Some(1));
        assert_eq!(session.tags.map(|tags| tags.len()), Some(0));
        assert_eq!(session.policy_arns.map(|arns| arns.len()), Some(1));
    }

    #[test]
    fn what_has_not_the_form_of_its_member_is_malformed() {
        for (form, said) in [
            ("UserName.x=1", "the parameter 'UserName' is not a value"),
            ("UserName=a&UserName.member.1=1", "the parameter 'UserName' is not a value"),
            ("Tags=x", "the parameter 'Tags' is not a list"),
            ("Tags.1.Key=a", "the parameter 'Tags' is not a list of 'member.1' and on"),
            ("Tags.member.0.Key=a", "the parameter 'Tags' is not a list of 'member.1' and on"),
            ("Tags.member.01.Key=a", "the parameter 'Tags' is not a list of 'member.1' and on"),
            ("Tags.member.+1.Key=a", "the parameter 'Tags' is not a list of 'member.1' and on"),
            ("Tags.member.1025.Key=a", "the parameter 'Tags' is not a list of 'member.1' and on"),
            ("Tags.member.2.Key=a", "the parameter 'Tags' is not a list of 'member.1' and on, without gaps"),
            (
                "Tags=&Tags.member.1.Key=a",
                "the parameter 'Tags' is not a list of 'member.1' and on, without gaps",
            ),
            ("Tags.member.1=a", "the parameter 'Tags.member.1' is not a structure"),
            ("Tags.member.1.Key.x=a", "the parameter 'Tags.member.1.Key' is not a value"),
        ] {
            assert_eq!(refusal::<CreateUserRequest<'_>>(form), format!("malformed: {said}"), "{form}");
        }
        for form in [
            "MaxItems=",
            "MaxItems=x",
            "MaxItems=1.5",
            "MaxItems=%2B1",
            "MaxItems=--1",
            "MaxItems=9999999999",
        ] {
            let said = refusal::<ListUsersRequest<'_>>(form);
            assert_eq!(said, "malformed: the parameter 'MaxItems' is not an Integer", "{form}");
        }
        let said = refusal::<CreateOpenIDConnectProviderRequest<'_>>("ClientIDList.member.1.x=a");
        assert_eq!(said, "malformed: the parameter 'ClientIDList.member.1' is not a value");
    }

    #[test]
    fn limits_are_told_in_the_words_of_aws() {
        assert_eq!(
            refusal::<CreateUserRequest<'_>>("UserName=a%20b"),
            "1 validation error detected: Value 'a b' at 'userName' failed to satisfy constraint: Member must satisfy \
             regular expression pattern: [\\w+=,.@-]+"
        );
        assert_eq!(
            refusal::<CreateUserRequest<'_>>("Tags.member.1.Value=%3C"),
            "3 validation errors detected: Value '<' at 'tags.1.member.value' failed to satisfy constraint: Member must \
             satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*; Value null at 'tags.1.member.key' \
             failed to satisfy constraint: Member must not be null; Value null at 'userName' failed to satisfy \
             constraint: Member must not be null"
        );
        assert_eq!(
            refusal::<UpdateAccessKeyRequest<'_>>("AccessKeyId=AKIA0000000000000000&Status=On"),
            "1 validation error detected: Value 'On' at 'status' failed to satisfy constraint: Member must satisfy enum \
             value set: [Active, Inactive, Expired]"
        );
        assert_eq!(
            refusal::<ListUsersRequest<'_>>("MaxItems=1001"),
            "1 validation error detected: Value '1001' at 'maxItems' failed to satisfy constraint: Member must have value \
             less than or equal to 1000"
        );
        let said = refusal::<CreateOpenIDConnectProviderRequest<'_>>(
            "Url=https://a&ThumbprintList.member.1=ab&ThumbprintList.member.2=cd",
        );
        assert_eq!(
            said,
            "1 validation error detected: Value '[ab, cd]' at 'thumbprintList' failed to satisfy constraint: Member must \
             satisfy constraint: [Member must have length less than or equal to 40, Member must have length greater than \
             or equal to 40]"
        );
        let role = "RoleName=r&AssumeRolePolicyDocument={}";
        let tags: String =
            (1..=51).map(|n| format!("&Tags.member.{n}.Key=k{n}&Tags.member.{n}.Value=")).collect();
        assert_eq!(
            refusal::<CreateRoleRequest<'_>>(&format!("{role}{tags}")),
            "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than \
             or equal to 50"
        );
        let path: CreateRoleRequest<'_> = take("RoleName=r&AssumeRolePolicyDocument={}&Path=/a/");
        assert_eq!(path.path.as_deref(), Some("/a/"));
        let said = refusal::<CreateRoleRequest<'_>>("RoleName=r&AssumeRolePolicyDocument={}&Path=/a");
        assert!(said.contains("Value '/a' at 'path'"), "{said}");
    }

    #[test]
    fn no_message_tells_a_secret() {
        let said = refusal::<AssumeRoleWithWebIdentityRequest<'_>>(
            "RoleArn=arn:aws:iam::111122223333:role/r&RoleSessionName=me&WebIdentityToken=abc",
        );
        assert_eq!(
            said,
            "1 validation error detected: Value at 'webIdentityToken' failed to satisfy constraint: Member must have \
             length greater than or equal to 4"
        );
    }

    proptest! {
        #[test]
        fn whatever_comes_in_is_taken_or_refused(body in "[ -~é]{0,128}") {
            if let Ok(parameters) = Parameters::of_form(&body) {
                let _ = read::<CreateUserRequest<'_>>(parameters);
            }
        }

        #[test]
        fn a_text_reads_as_it_was_written(text in ".{1,64}") {
            let form = format!("MFA=1&UserName={}", percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC));
            let parameters = Parameters::of_form(&form).expect("a form");
            prop_assert_eq!(parameters.value("UserName"), text.as_str());
        }
    }
}
