//! `loadtracks`, `decodetrack`, `decodetracks`.

use axum::Json;
use axum::extract::{Request, State};
use http::Uri;
use serde_json::{Value, json};

use super::body;
use crate::deviations::switch::{self, deviates};
use crate::error::ApiError;
use crate::json::Json as Body;
use crate::server::Server;
use crate::tracks::{EncodedTrack, LoadResult, TooLong, Track};

/// `GET /v4/loadtracks?identifier=`.
pub(crate) async fn load(State(server): State<Server>, uri: Uri) -> Result<Json<Value>, ApiError> {
    let missing = "Required parameter 'identifier' is not present.";
    let identifier = body::query(&uri, "identifier").ok_or(ApiError::bad_request(missing))?;
    let result = server.sources.load(&identifier).await;
    let tracks = match &result {
        LoadResult::Track(track) => std::slice::from_ref(track.as_ref()),
        LoadResult::Search(tracks) | LoadResult::Playlist { tracks, .. } => tracks.as_slice(),
        LoadResult::Empty | LoadResult::Failed(_) => &[],
    };
    tracks.iter().try_for_each(EncodedTrack::check).or_else(too_long)?;
    let found = |tracks: &[Track]| tracks.iter().map(Track::found_json).collect();
    let (load_type, data) = match result {
        LoadResult::Track(track) => ("track", track.found_json()),
        LoadResult::Search(tracks) => ("search", Value::Array(found(&tracks))),
        LoadResult::Playlist { name, selected, plugin_info, tracks } => {
            // -1 stands for none.
            let selected = selected.map_or(json!(-1), |index| json!(index));
            let data = json!({
                "info": {"name": name, "selectedTrack": selected},
                "pluginInfo": plugin_info,
                "tracks": Value::Array(found(&tracks)),
            });
            ("playlist", data)
        }
        LoadResult::Failed(failure) => ("error", failure.to_json()),
        LoadResult::Empty => ("empty", Value::Null),
    };
    Ok(Json(json!({"loadType": load_type, "data": data})))
}

/// A track whose texts are too long for the encoded form.
fn too_long(error: TooLong) -> Result<(), ApiError> {
    if deviates(switch::TRACKS_205_CUT) {
        return Ok(());
    }
    Err(ApiError { unexpected: true, ..ApiError::internal(error.to_string()) })
}

/// `GET /v4/decodetrack?encodedTrack=` or `?track=`.
pub(crate) async fn decode_one(
    State(server): State<Server>,
    uri: Uri,
) -> Result<Json<Value>, ApiError> {
    let encoded = body::query(&uri, "encodedTrack").or_else(|| body::query(&uri, "track"));
    let encoded = encoded.ok_or_else(|| ApiError::bad_request("No track to decode provided"))?;
    decoded(&server, &encoded).map(Json)
}

/// `POST /v4/decodetracks`: an array of encoded tracks.
pub(crate) async fn decode_many(
    State(server): State<Server>,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    let body = body::json(&server, request).await?;
    let encoded = body.list()?.iter().map(Body::text).collect::<Result<Vec<_>, _>>()?;
    if encoded.is_empty() {
        return Err(ApiError::bad_request("No tracks to decode provided"));
    }
    let tracks = encoded.iter().map(|encoded| decoded(&server, encoded));
    tracks.collect::<Result<Vec<_>, _>>().map(|tracks| Json(Value::Array(tracks)))
}

/// The track object; its `encoded` is what was sent.
fn decoded(server: &Server, encoded: &str) -> Result<Value, ApiError> {
    let track = server.sources.decode(encoded)?;
    let mut object = track.to_json(track.position, &json!({}));
    object["encoded"] = encoded.into();
    Ok(object)
}
