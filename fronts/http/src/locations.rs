//! Which locations a server answers for.

use keystead_model::Location;

/// The locations a server answers for. The region in a request's credential scope names one of them; the host
/// it was sent to has no say.
#[derive(Clone, Debug)]
pub struct Locations {
    default: Location,
    others: Vec<Location>,
    any: bool,
}

impl Locations {
    /// These locations and no others. The first is where requests are counted that name none.
    pub fn listed(default: Location, others: Vec<Location>) -> Self {
        Self { default, others, any: false }
    }

    /// Every name that is spelled like a location: for development.
    pub fn any(default: Location) -> Self {
        Self { default, others: Vec::new(), any: true }
    }

    /// Where requests are counted that name no location.
    pub fn default(&self) -> &Location {
        &self.default
    }

    /// The location of a region name, if this server answers for it.
    pub fn find(&self, region: &str) -> Option<Location> {
        let known = std::iter::once(&self.default).chain(&self.others).find(|l| l.as_str() == region);
        match known {
            Some(location) => Some(location.clone()),
            None if self.any => region.parse().ok(),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_locations_are_answered_for() {
        let default: Location = "eu-central-1".parse().expect("a name");
        let locations = Locations::listed(default.clone(), vec!["eu-west-1".parse().expect("a name")]);
        assert!(locations.find("eu-west-1").is_some());
        assert!(locations.find("us-east-1").is_none());
        let any = Locations::any(default);
        assert!(any.find("us-east-1").is_some());
        assert!(any.find("US EAST").is_none());
    }
}
