//! What the server says it is, where that is made up.

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::HeaderValue;
use serde_json::{Map, Value, json};

use super::keys::{Object, Place, Wrong};
use super::strict;

/// What was put in place of what the server is.
#[derive(Debug, Default)]
pub(crate) struct Identity(Mutex<Made>);

#[derive(Debug, Default)]
struct Made {
    given: Map<String, Value>,
    version: Option<String>,
    api_version: Option<HeaderValue>,
    /// Keys of /v4/info and what they have.
    info: Map<String, Value>,
}

impl Identity {
    /// As it was put.
    pub(crate) fn given(&self) -> Value {
        Value::Object(self.lock().given.clone())
    }

    /// Puts another in its place.
    pub(crate) fn put(&self, given: &Value) -> Result<(), Wrong> {
        *self.lock() = read(given)?;
        Ok(())
    }

    /// What `--info FILE` has.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub(crate) fn of_text(text: &str) -> Result<Self, String> {
        let value = strict::read(text.as_bytes()).map_err(|error| format!("not JSON: {error}"))?;
        read(&value).map(|made| Self(Mutex::new(made))).map_err(|wrong| wrong.to_string())
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Made::default();
    }

    /// The version to tell, if it is made up.
    pub(crate) fn version(&self) -> Option<String> {
        self.lock().version.clone()
    }

    /// What the header Lavalink-Api-Version says, if it is made up.
    pub(crate) fn api_version(&self) -> Option<HeaderValue> {
        self.lock().api_version.clone()
    }

    /// Puts what is made up into the info.
    pub(crate) fn change(&self, info: &mut Value) {
        for (key, value) in &self.lock().info {
            info[key] = value.clone();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Made> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(value: &Value) -> Result<Made, Wrong> {
    const KEYS: &[&str] = &[
        "version",
        "apiVersion",
        "buildTime",
        "git",
        "jvm",
        "lavaplayer",
        "sourceManagers",
        "filters",
        "plugins",
    ];
    let object = Object::read(value, Place::Body, KEYS)?;
    let mut info = Map::new();
    let version = object.text("version")?.map(str::to_owned);
    if let Some(version) = &version {
        let shown = version_object(version);
        info.insert(
            "version".into(),
            shown.ok_or_else(|| {
                object.wrong(
                    "version",
                    format!("send one such as 4.2.2 or 5.0.0-beta.1, not {version}"),
                )
            })?,
        );
    }
    let api_version = object.text("apiVersion")?.map(HeaderValue::try_from).transpose();
    let api_version = api_version.map_err(|_| object.wrong("apiVersion", "is no header"))?;
    let mut keep = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            info.insert(key.to_owned(), value);
        }
    };
    keep("buildTime", object.integer("buildTime", 0..=i64::MAX)?.map(Value::from));
    keep("git", object.any_object("git")?.cloned().map(Value::Object));
    for key in ["jvm", "lavaplayer"] {
        keep(key, object.text(key)?.map(Value::from));
    }
    for key in ["sourceManagers", "filters"] {
        keep(key, object.texts(key)?.map(Value::from));
    }
    keep("plugins", plugins(&object)?);
    Ok(Made { given: object.map().clone(), version, api_version, info })
}

/// A plugin may be named, or named with its version.
fn plugins(object: &Object<'_>) -> Result<Option<Value>, Wrong> {
    const VERSION: &str = "1.0.0";
    let Some(list) = object.list("plugins")? else { return Ok(None) };
    let place = Place::Key(object.place(), "plugins");
    let plugin = |(index, given): (usize, &Value)| {
        if let Some(name) = given.as_str() {
            return Ok(json!({"name": name, "version": VERSION}));
        }
        let plugin = Object::read(given, Place::Item(&place, index), &["name", "version"])?;
        let name = plugin.required("name", plugin.text("name"))?;
        let version = plugin.text("version")?.unwrap_or(VERSION);
        Ok(json!({"name": name, "version": version}))
    };
    list.iter().enumerate().map(plugin).collect::<Result<Vec<_>, _>>().map(|list| Some(list.into()))
}

/// `version` of the info: `major.minor.patch`, perhaps with `-preRelease` and `+build`.
fn version_object(text: &str) -> Option<Value> {
    let (rest, build) = match text.split_once('+') {
        Some((rest, build)) => (rest, Some(build)),
        None => (text, None),
    };
    let (numbers, pre_release) = rest.split_once('-').unwrap_or((rest, ""));
    let mut numbers = numbers.split('.').map(|number| number.parse::<u32>().ok());
    let (major, minor, patch) = (numbers.next()??, numbers.next()??, numbers.next()??);
    if numbers.next().is_some() {
        return None;
    }
    let mut version = json!({
        "semver": text, "major": major, "minor": minor, "patch": patch, "preRelease": pre_release,
    });
    if let Some(build) = build {
        version["build"] = build.into();
    }
    Some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_taken_apart() {
        let version = version_object("5.0.0-beta.1+2").unwrap();
        assert_eq!((&version["major"], &version["preRelease"]), (&json!(5), &json!("beta.1")));
        assert_eq!(version["build"], "2");
        assert_eq!(version_object("3.7.13").unwrap()["preRelease"], "");
        for wrong in ["", "4", "4.2", "4.2.x", "4.2.2.1", "v4.2.2"] {
            assert_eq!(version_object(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn plugins_are_named_with_or_without_version() {
        let made = read(&json!({"plugins": ["a", {"name": "b", "version": "2"}]})).unwrap();
        let wanted = json!([{"name": "a", "version": "1.0.0"}, {"name": "b", "version": "2"}]);
        assert_eq!(made.info["plugins"], wanted);
        let wrong = read(&json!({"plugins": ["a", {"nam": "b"}]})).unwrap_err();
        assert_eq!(wrong.key, "plugins[1].nam");
    }
}
