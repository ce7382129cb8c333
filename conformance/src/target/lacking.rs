//! What the servers of a run cannot offer, whatever they say of themselves.

use super::{Fleet, Origin, profiles};
use crate::spec::Scenario;

impl Fleet {
    /// Why a scenario cannot be judged on any server of the run; `None` if it can.
    pub fn lacking(&self, scenario: &Scenario) -> Option<String> {
        self.lacking_profile(scenario.profile())
            .or_else(|| scenario.needs().find_map(|need| self.lacking_need(need, scenario)))
    }

    fn lacking_profile(&self, profile: &str) -> Option<String> {
        match &self.origin {
            Origin::Url { profile: has, .. } if has != profile => Some(format!(
                "the target runs with the profile {has}, not {profile} (--profile says which)"
            )),
            Origin::Launch { launch, .. }
                if !launch.takes_profile() && profile != profiles::PLAIN =>
            {
                Some(format!(
                    "the launch command takes no {{config}} or {{dir}}, so the target has no \
                     profile {profile}"
                ))
            }
            _ => None,
        }
    }

    fn lacking_need(&self, need: &str, scenario: &Scenario) -> Option<String> {
        match need {
            "manual-time" if !self.has_manual_time() => {
                Some("the target's time cannot be moved, and nobody waits for that long".into())
            }
            "own-server" if matches!(self.origin, Origin::Url { .. }) => Some(
                "this may wedge the server, and others may use it; with --launch the runner has \
                 one of its own"
                    .into(),
            ),
            "local-block" => profiles::ip_blocks(scenario.profile())?.not_local(),
            "upstream" => self.lacking_upstream(),
            "watch" => {
                let knows = self.upstream().is_some_and(|options| options.watch.is_some());
                let why = "nobody says how the target looks videos up ([routeplanner] watch of the \
                           target file)";
                (!knows).then(|| why.into())
            }
            _ => None,
        }
    }

    /// Why the target's guarded source does not ask the runner's upstream.
    fn lacking_upstream(&self) -> Option<String> {
        let why = match (self.upstream(), &self.origin) {
            (None, _) => {
                "nobody says how the target is brought to ask the runner's upstream \
                 ([routeplanner] of the target file)"
            }
            (Some(_), Origin::Url { control: None, .. }) => {
                "its route planner has to be new for every scenario: start it with --launch, or \
                 give --control-token"
            }
            (Some(options), Origin::Url { .. }) if options.listen.is_empty() => {
                "it runs already, so it cannot be told where the runner's upstream is \
                 ([routeplanner] listen of the target file)"
            }
            _ => return None,
        };
        Some(why.into())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::assets;
    use crate::client::{Control, Trust};
    use crate::discord::Authority;
    use crate::schema::Schemas;
    use crate::settings::{Budgets, Secret, Settings};
    use crate::spec::Source;
    use crate::target::{BundledClock, BundledOptions};
    use crate::upstream::UpstreamOptions;

    fn settings() -> Settings {
        let schemas = assets::SCHEMAS.iter().map(|(p, text)| ((*p).to_owned(), (*text).to_owned()));
        Settings {
            url: String::new(),
            trust: Trust::default(),
            password: Secret::new(""),
            media_url: String::new(),
            budgets: Budgets::scaled(1.0),
            schemas: Schemas::load(schemas).unwrap(),
            authority: Arc::new(Authority::new().unwrap()),
            manual_time: None,
            outliving: Arc::default(),
        }
    }

    /// What is lacking for a scenario with these tags.
    fn lacking(fleet: &Fleet, tags: &str) -> Option<String> {
        let text = format!(
            "Feature: F\n  @LL-HTTP-001 @must\n  Rule: R\n    Sources: x\n\n    \
             @LL-HTTP-001.a {tags}\n    Scenario: S\n      When the client requests \"GET /\"\n"
        );
        let spec = Source::texts(&[("http/a.feature", &text)]).read().unwrap();
        fleet.lacking(&spec.rules[0].scenarios[0])
    }

    fn at_url(token: Option<&str>) -> Fleet {
        let origin = Origin::Url {
            url: "http://127.0.0.1:1".into(),
            password: Secret::new(""),
            profile: "load-balance".into(),
            control: token.map(|token| Control::new(Secret::new(token))),
        };
        Fleet::new(origin, settings(), 1)
    }

    #[test]
    fn the_bundled_server_has_everything_but_moved_time_in_real_time() {
        let bundled =
            |clock| Fleet::new(Origin::Bundled(BundledOptions::steady(clock)), settings(), 1);
        let all = "@needs-upstream @needs-watch @needs-own-server @needs-manual-time";
        assert_eq!(lacking(&bundled(BundledClock::Manual), all), None);
        let reason = lacking(&bundled(BundledClock::Real), all).unwrap();
        assert!(reason.contains("time cannot be moved"), "{reason}");
    }

    #[test]
    fn a_server_at_a_url_needs_a_new_route_planner_and_a_place_for_the_upstream() {
        let tags = "@profile-load-balance @needs-upstream";
        assert!(lacking(&at_url(Some("t")), tags).unwrap().contains("nobody says how"));
        let with = |fleet: Fleet, options| lacking(&fleet.with_upstream(Some(options)), tags);
        let options = UpstreamOptions::default();
        assert!(with(at_url(None), options.clone()).unwrap().contains("--launch"));
        assert!(with(at_url(Some("t")), options.clone()).unwrap().contains("listen"));
        let listen = vec!["127.0.0.1:443".parse().unwrap()];
        assert_eq!(with(at_url(Some("t")), UpstreamOptions { listen, ..options }), None);
        assert!(lacking(&at_url(None), "@profile-nano").unwrap().contains("--profile"));
        let wedged = lacking(&at_url(None), "@profile-load-balance @needs-own-server").unwrap();
        assert!(wedged.contains("may wedge"), "{wedged}");
    }

    #[test]
    fn videos_and_addresses_of_others_are_not_to_be_had() {
        let fleet = Fleet::new(
            Origin::Bundled(BundledOptions::steady(BundledClock::Manual)),
            settings(),
            1,
        );
        let options = UpstreamOptions { watch: None, ..UpstreamOptions::default() };
        let fleet = fleet.with_upstream(Some(options));
        assert_eq!(lacking(&fleet, "@needs-upstream"), None);
        assert!(lacking(&fleet, "@needs-watch").unwrap().contains("watch"));
        let reason = lacking(&fleet, "@profile-unbindable @needs-local-block").unwrap();
        assert!(reason.starts_with("the machine cannot send from 1.0.0.128"), "{reason}");
    }
}
