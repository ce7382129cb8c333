//! Reads `lavalink.server.ratelimit`.

use super::keys;
use super::load::Reader;
use crate::routeplanner::{RateLimit, RateLimitError, StrategyName};

const BLOCKS: &str = "lavalink.server.ratelimit.ipBlocks";
const EXCLUDED: &str = "lavalink.server.ratelimit.excludedIps";
const STRATEGY: &str = "lavalink.server.ratelimit.strategy";
const TRIGGERS: &str = "lavalink.server.ratelimit.searchTriggersFail";
const RETRIES: &str = "lavalink.server.ratelimit.retryLimit";

impl Reader<'_> {
    /// `None` without blocks. As in the real server, an empty section is an error, and a wrong
    /// strategy is none as long as there are no blocks
    /// (docs/observed/routeplanner.md#not-configured).
    pub(super) fn ratelimit(&mut self) -> Option<RateLimit> {
        let search_triggers_fail = self.switch(TRIGGERS);
        let retry_limit = self.whole(RETRIES).and_then(|n| n.try_into().ok()).unwrap_or(-1);
        let blocks = self.texts(BLOCKS);
        let excluded = self.texts(EXCLUDED);
        if blocks.is_empty() {
            return None;
        }
        let strategy = self.text(STRATEGY, None, |text| Some(Some(text)));
        let strategy =
            strategy.map_or(Ok(StrategyName::default()), |text| StrategyName::read(&text));
        let limit = strategy.and_then(|strategy| RateLimit::new(&blocks, &excluded, strategy));
        match limit {
            Ok(mut limit) => {
                limit.search_triggers_fail = search_triggers_fail;
                limit.retry_limit = retry_limit;
                let oddities = limit.oddities();
                self.odd.extend(oddities.iter().map(|odd| format!("{}: {odd}", keys::RATELIMIT)));
                Some(limit)
            }
            Err(error) => {
                self.refuse_limit(&error, &blocks, &excluded);
                None
            }
        }
    }

    fn refuse_limit(&mut self, error: &RateLimitError, blocks: &[String], excluded: &[String]) {
        let (key, shown) = match error {
            RateLimitError::Strategy(name) => (STRATEGY, format!("{name:?}")),
            RateLimitError::Excluded(_) => (EXCLUDED, format!("{excluded:?}")),
            RateLimitError::Block { .. }
            | RateLimitError::MixedFamilies
            | RateLimitError::TooSmall(_) => (BLOCKS, format!("{blocks:?}")),
        };
        self.refuse_wherever(key, shown, &error.fix());
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Loaded};
    use crate::routeplanner::StrategyName;

    fn read(section: &str, environment: &[(&str, &str)]) -> Result<Loaded, String> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let yaml = format!("lavalink:\n  server:\n    ratelimit: {section}\n");
        let loaded = Loaded::read(&yaml, environment.iter().map(owned));
        loaded.map_err(|error| error.to_string())
    }

    fn config(section: &str) -> Config {
        read(section, &[]).unwrap().config
    }

    #[test]
    fn all_keys_are_read() {
        let limit = config(
            "{ipBlocks: [127.0.0.0/24], excludedIps: [127.0.0.9], strategy: LoadBalance, \
             searchTriggersFail: 'false', retryLimit: '3'}",
        );
        let limit = limit.ratelimit.unwrap();
        assert_eq!((limit.retry_limit, limit.search_triggers_fail), (3, false));
        assert_eq!(limit.strategy(), StrategyName::LoadBalance);
        assert_eq!(limit.excluded().len(), 1);
        let limit = config("{ipBlocks: '127.0.0.0/24,127.0.1.0/24'}").ratelimit.unwrap();
        assert_eq!((limit.retry_limit, limit.search_triggers_fail), (-1, true));
        assert_eq!(limit.strategy(), StrategyName::RotateOnBan);
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let environment = [
            ("LAVALINK_SERVER_RATELIMIT_IPBLOCKS", "10.0.0.0/24,10.0.2.0/24"),
            ("LAVALINK_SERVER_RATELIMIT_STRATEGY", "loadbalance"),
            ("LAVALINK_SERVER_RATELIMIT_RETRYLIMIT", "0"),
        ];
        let limit = read("{ipBlocks: [127.0.0.0/24]}", &environment).unwrap().config.ratelimit;
        let limit = limit.unwrap();
        assert_eq!((limit.retry_limit, limit.strategy()), (0, StrategyName::LoadBalance));
    }

    /// Recordings 1_*.
    #[test]
    fn without_blocks_there_is_none_and_an_empty_section_is_wrong() {
        for section in ["{ipBlocks: []}", "{ipBlocks: [], strategy: Nonsense}", "{retryLimit: 1}"] {
            assert_eq!(config(section).ratelimit, None, "{section}");
        }
        for section in ["{}", "~", "", "\n      # ipBlocks: [1.0.0.0/8]"] {
            let message = read(section, &[]).unwrap_err();
            let told = "lavalink.server.ratelimit: an empty section is not allowed; give keys below \
                        it, such as ipBlocks: ";
            assert!(message.starts_with(told), "{message}");
        }
    }

    #[test]
    fn errors_say_what_is_wrong_and_how_to_make_it_right() {
        for (section, parts) in [
            ("{ipBlocks: [1.0.0.0/8, '2001:db8::/32']}", ["ipBlocks", "one family"]),
            ("{ipBlocks: ['fd00::/72'], strategy: NanoSwitch}", ["NanoSwitch", "at least a /64"]),
            ("{ipBlocks: [127.0.0.0/24], strategy: RotatingNanoSwitch}", ["IPv6", "/64"]),
            ("{ipBlocks: [127.0.0.0/33]}", ["127.0.0.0/33", "give blocks such as"]),
            ("{ipBlocks: ['FD00::/64']}", ["FD00::/64", "give fd00::/64 instead of"]),
            ("{ipBlocks: {a: 1}}", ["unknown", ""]),
            ("{ipBlocks: [[1]]}", ["ipBlocks", "a list of blocks"]),
            ("{ipBlocks: [10.0.0.0/8], strategy: rotate-on-ban}", ["rotate-on-ban", "RotateOnBan"]),
            ("{ipBlocks: [10.0.0.0/8], strategy: ~}", ["strategy", "RotateOnBan"]),
            ("{ipBlocks: [10.0.0.0/8], excludedIps: [nope.invalid]}", ["nope.invalid", "single"]),
            ("{ipBlocks: [10.0.0.0/8], retryLimit: abc}", ["retryLimit", "whole number"]),
            ("{ipBlocks: [10.0.0.0/8], searchTriggersFail: maybe}", ["maybe", "true or false"]),
        ] {
            match read(section, &[]) {
                Err(message) => {
                    assert!(
                        parts.iter().all(|part| message.contains(part)),
                        "{section}: {message}"
                    );
                }
                // A section where a list should be is an unknown key.
                Ok(loaded) => {
                    let warnings = loaded.warnings.join("\n");
                    assert!(warnings.contains(parts[0]), "{section}: {warnings}");
                }
            }
        }
    }

    #[test]
    fn an_excluded_address_outside_is_only_warned_of() {
        let loaded = read("{ipBlocks: [10.0.0.0/8], excludedIps: ['fd00::1']}", &[]).unwrap();
        assert!(loaded.config.ratelimit.is_some());
        let odd = "lavalink.server.ratelimit: the excluded address fd00::1 is in no block";
        assert_eq!(loaded.warnings, [odd]);
    }
}
