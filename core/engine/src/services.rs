//! Services that call on behalf of others, and the keys they are given.
//!
//! A service is whoever signs with an access key that the operator has registered for it. Its requests are its caller's
//! own, with `kms:ViaService` set. Each account has a key for each service, `alias/aws/<service>`, made when it is first
//! asked for; nobody but the service uses it, and nobody changes it.

use std::collections::HashMap;

use keystead_model::{AccessKeyId, AccountId, Caller, Location};

/// A service that has keys of its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Service {
    /// Its word in `alias/aws/<word>`.
    word: &'static str,
    /// Its word in `kms:ViaService`.
    host: &'static str,
    /// What it is called.
    name: &'static str,
    /// What it protects.
    what: &'static str,
}

impl Service {
    const fn new(word: &'static str, name: &'static str, what: &'static str) -> Self {
        Self { word, host: word, name, what }
    }

    /// The service of this word, if there is one.
    pub fn parse(word: &str) -> Option<Self> {
        SERVICES.iter().find(|service| service.word == word).copied()
    }

    /// The service whose key has this alias, if there is one.
    pub fn of_alias(name: &str) -> Option<Self> {
        name.strip_prefix(ALIAS_PREFIX).and_then(Self::parse)
    }

    /// What `kms:ViaService` says of it in a location.
    pub fn via(self, location: &Location) -> String {
        format!("{}.{location}.amazonaws.com", self.host)
    }

    /// The description of its keys.
    pub fn description(self) -> String {
        format!("Default key that protects my {} when no other key is defined", self.what)
    }

    /// The policy of its key in an account and location: the account uses it through the service, and may look at it.
    pub fn policy(self, account: AccountId, location: &Location) -> String {
        let Self { word, name, .. } = self;
        let via = self.via(location);
        format!(
            concat!(
                r#"{{"Version":"2012-10-17","Id":"auto-{word}-1","Statement":[{{"Sid":"Allow access through {name} "#,
                r#"for all principals in the account that are authorized to use {name}","Effect":"Allow","#,
                r#""Principal":{{"AWS":"*"}},"Action":["kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","#,
                r#""kms:GenerateDataKey*","kms:CreateGrant","kms:DescribeKey"],"Resource":"*","Condition":"#,
                r#"{{"StringEquals":{{"kms:CallerAccount":"{account}","kms:ViaService":"{via}"}}}}}},"#,
                r#"{{"Sid":"Allow direct access to key metadata to the account","Effect":"Allow","#,
                r#""Principal":{{"AWS":"arn:aws:iam::{account}:root"}},"#,
                r#""Action":["kms:Describe*","kms:Get*","kms:List*"],"Resource":"*"}}]}}"#,
            ),
            word = word,
            name = name,
            account = account,
            via = via,
        )
    }
}

const ALIAS_PREFIX: &str = "alias/aws/";

/// The services there are, by word.
const SERVICES: &[Service] = &[
    Service::new("acm", "ACM", "ACM private keys"),
    Service::new("backup", "Backup", "Backup data"),
    Service::new("dynamodb", "DynamoDB", "DynamoDB data"),
    Service { word: "ebs", host: "ec2", name: "EBS", what: "EBS volumes" },
    Service::new("elasticfilesystem", "EFS", "EFS filesystems"),
    Service::new("es", "OpenSearch", "OpenSearch domains"),
    Service::new("kinesis", "Kinesis", "Kinesis streams"),
    Service::new("lambda", "Lambda", "Lambda functions"),
    Service::new("rds", "RDS", "RDS database volumes"),
    Service::new("redshift", "Redshift", "Redshift clusters"),
    Service::new("s3", "S3", "S3 objects"),
    Service::new("secretsmanager", "Secrets Manager", "Secrets Manager secrets"),
    Service::new("sns", "SNS", "SNS topics"),
    Service::new("sqs", "SQS", "SQS queues"),
    Service::new("ssm", "SSM", "SSM parameters"),
];

/// Which access keys sign for which service.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Services(HashMap<AccessKeyId, Service>);

/// Why a text registers no access key for a service.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ServiceError {
    /// Not `service=access key id`.
    #[error("{0:?} is not of the form s3=AKIAIOSFODNN7EXAMPLE")]
    Form(Box<str>),
    /// No such service.
    #[error("there is no service {0:?}; there are {known}", known = words())]
    Word(Box<str>),
    /// One access key for two services.
    #[error("the access key {0} signs for two services; give each its own")]
    Twice(Box<str>),
}

impl Services {
    /// Reads registrations: `s3=AKIAIOSFODNN7EXAMPLE`, one for each access key.
    ///
    /// # Errors
    /// [`ServiceError`] names the first that is not one.
    pub fn parse<'t>(registrations: impl IntoIterator<Item = &'t str>) -> Result<Self, ServiceError> {
        let mut services = HashMap::new();
        for text in registrations {
            let form = || ServiceError::Form(text.into());
            let (word, id) = text.split_once('=').ok_or_else(form)?;
            let service = Service::parse(word).ok_or_else(|| ServiceError::Word(word.into()))?;
            let id = AccessKeyId::parse(id).ok_or_else(form)?;
            if services.insert(id.clone(), service).is_some() {
                return Err(ServiceError::Twice(id.as_str().into()));
            }
        }
        Ok(Self(services))
    }

    /// The service a caller is, if it is one.
    pub fn of(&self, caller: &Caller) -> Option<Service> {
        // Most servers have none: nothing is looked up for them.
        if self.0.is_empty() {
            return None;
        }
        self.0.get(caller.access_key.as_ref()?).copied()
    }
}

fn words() -> String {
    SERVICES.iter().map(|service| service.word).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use keystead_policy::{Kind, Policy};

    use super::*;

    #[test]
    fn every_service_has_a_policy_that_reads() {
        let account = AccountId::from_number(111_122_223_333).expect("twelve digits");
        let location = "eu-central-1".parse().expect("a location");
        for service in SERVICES {
            let text = service.policy(account, &location);
            Policy::parse(&text, Kind::Key).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(Service::of_alias(&format!("alias/aws/{}", service.word)), Some(*service));
        }
        assert_eq!(
            Service::parse("ebs").expect("it is one").via(&location),
            "ec2.eu-central-1.amazonaws.com"
        );
        assert_eq!(Service::of_alias("alias/aws/unheard-of"), None);
    }

    #[test]
    fn registrations_are_read_or_refused_by_name() {
        assert!(Services::parse(["s3=AKIAIOSFODNN7EXAMPLE", "rds=AKIAI44QH8DHBEXAMPLE"]).is_ok());
        assert!(matches!(Services::parse(["s3"]), Err(ServiceError::Form(_))));
        assert!(matches!(Services::parse(["s3=not an id"]), Err(ServiceError::Form(_))));
        assert!(matches!(Services::parse(["s4=AKIAIOSFODNN7EXAMPLE"]), Err(ServiceError::Word(_))));
        let twice = ["s3=AKIAIOSFODNN7EXAMPLE", "rds=AKIAIOSFODNN7EXAMPLE"];
        assert!(matches!(Services::parse(twice), Err(ServiceError::Twice(_))));
    }
}
