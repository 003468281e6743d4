//! Which locations a server answers for.

use std::sync::Arc;

use crate::Location;

/// The locations a server answers for, and keys can be in. The region in a request's credential scope names one of
/// them; the host it was sent to has no say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Locations {
    /// These and no others, the first one before all; never empty.
    These(Arc<[Location]>),
    /// Every name that is spelled like a location, this one before all: for development.
    Any(Location),
}

impl Locations {
    /// These locations and no others.
    pub fn listed(first: Location, others: impl IntoIterator<Item = Location>) -> Self {
        Self::These(std::iter::once(first).chain(others).collect())
    }

    /// Every name that is spelled like a location: for development.
    pub fn any(first: Location) -> Self {
        Self::Any(first)
    }

    /// The one before all: where requests are counted that name none.
    pub fn first(&self) -> &Location {
        match self {
            Self::These(locations) => &locations[0],
            Self::Any(first) => first,
        }
    }

    /// The location of a region name, if this server answers for it.
    pub fn find(&self, region: &str) -> Option<Location> {
        match self {
            Self::These(locations) => locations.iter().find(|location| location.as_str() == region).cloned(),
            Self::Any(first) if first.as_str() == region => Some(first.clone()),
            Self::Any(_) => region.parse().ok(),
        }
    }

    /// Whether keys can be in this location.
    pub fn has(&self, location: &Location) -> bool {
        match self {
            Self::These(locations) => locations.contains(location),
            Self::Any(_) => true,
        }
    }

    /// All of them, if they can be told.
    pub fn all(&self) -> Option<&[Location]> {
        match self {
            Self::These(locations) => Some(locations),
            Self::Any(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_locations_are_answered_for() {
        let [here, there, elsewhere] =
            ["eu-central-1", "eu-west-1", "us-east-1"].map(|name| name.parse::<Location>().expect("a name"));
        let listed = Locations::listed(here.clone(), [there.clone()]);
        assert_eq!(listed.find("eu-west-1"), Some(there.clone()));
        assert_eq!(listed.find("us-east-1"), None);
        assert!(listed.has(&here) && listed.has(&there) && !listed.has(&elsewhere));
        assert_eq!(listed.first(), &here);
        assert_eq!(listed.all(), Some([here, there].as_slice()));
    }

    #[test]
    fn any_location_is_one_that_is_spelled_like_one() {
        let here: Location = "eu-central-1".parse().expect("a name");
        let any = Locations::any(here.clone());
        assert_eq!(any.first(), &here);
        assert!(any.find("us-east-1").is_some_and(|location| any.has(&location)));
        assert!(any.find("US EAST").is_none());
        assert_eq!(any.all(), None);
    }
}
