Feature: Looking tracks up
  What loadtracks answers for what there is, what there is not, and what cannot be read.

  @LL-TRACKS-001 @must
  Rule: A track is answered with loadType track and its whole object
    Title and author are what is known of it, in whatever words.
    Sources: Lavalink docs, api/rest.md "Track Loading"; docs/observed/tracks.md#load-results; docs/observed/tracks.md#track-objects; fixtures/recordings/rest/load_tracks.json

    @LL-TRACKS-001.a @needs-http-source
    Scenario: A wav file over HTTP
      When the client loads "${media}/tone-30s.wav"
      Then the answer is 200
      And the answer contains:
        """
        {
          "loadType": "track",
          "data": {
            "encoded": "#string",
            "info": {
              "identifier": "#string",
              "isSeekable": "#boolean",
              "author": "#string",
              "length": "#integer",
              "isStream": "#boolean",
              "position": "#integer",
              "title": "#string",
              "uri": "${media}/tone-30s.wav",
              "sourceName": "#string",
              "artworkUrl": "#any",
              "isrc": "#any"
            }
          }
        }
        """

  @LL-TRACKS-002 @should
  Rule: What is not there is empty
    Clients show "nothing found", not an error. Words that are no address may as well be searched for, or lead to
    an error where the search cannot be reached. The documentation has an empty object for the data, the official
    protocol classes have null.
    Sources: Lavalink docs, api/rest.md "Empty Result Data"; Lavalink protocol, loadResult.kt "NoMatches"; docs/observed/tracks.md#load-results; fixtures/recordings/rest/load_tracks.json

    @LL-TRACKS-002.a
    Scenario Outline: <case>
      When the client loads "<identifier>"
      Then the answer is 200
      And the answer contains {"loadType": "empty", "data": "#none or {}"}

      Examples:
        | case    | identifier    |
        | words   | no such thing |

  @LL-TRACKS-003 @should
  Rule: A lookup that breaks is answered with loadType error
    The status is 200 all the same. A server may look into a file no sooner than it plays it.
    Sources: Lavalink docs, api/rest.md "Error Result Data"; Lavalink docs, api/websocket.md "Exception Object"; docs/observed/tracks.md#load-results; fixtures/recordings/rest/load_tracks.json

    @LL-TRACKS-003.a @needs-http-source
    Scenario Outline: <case>
      When the client loads "${media}/<name>"
      Then the answer is 200
      And the answer contains {"loadType": "error"}

      Examples:
        | case      | name          |
        | forbidden | forbidden.mp3 |

    @LL-TRACKS-003.b @needs-http-source
    Scenario: Nobody listens there
      When the client loads "http://127.0.0.1:1/none.mp3"
      Then the answer is 200
      And the answer contains {"loadType": "error"}

    @LL-TRACKS-003.c @twin @needs-http-source
    Scenario: The valid twin
      When the client loads "${media}/tone.mp3"
      Then the answer is 200
      And the answer contains {"loadType": "track"}

  @LL-TRACKS-004 @should
  Rule: The identifier has to be given
    A lookup that ends with an error says so as well, but later.
    Sources: Lavalink docs, api/rest.md "Track Loading"; docs/observed/tracks.md#load-results; fixtures/recordings/rest/load_tracks.json

    @LL-TRACKS-004.a
    Scenario: Without it
      When the client requests "GET /v4/loadtracks"
      Then the answer is a refusal

    @LL-TRACKS-004.b @twin
    Scenario: With it
      When the client requests "GET /v4/loadtracks?identifier=x"
      Then the answer is 200

  @LL-TRACKS-005 @observed
  Rule: Containers are recognised by their content
    Sources: docs/observed/tracks.md#track-objects; fixtures/recordings/rest/load_tracks.json

    @LL-TRACKS-005.a @needs-http-source
    Scenario Outline: <name>
      When the client loads "${media}/<name>"
      Then the answer contains {"loadType": "track", "data": {"info": {"isStream": false, "isSeekable": true}}}
      And the answer at "/data/info/length" is "#range <length>"

      Examples:
        | name      | length     |
        | tone.wav  | 990..1010  |
        | tone.mp3  | 2550..2700 |
        | tone.flac | 2990..3010 |

    @LL-TRACKS-005.b @needs-http-source
    Scenario: Not by the end of the address
      When the client loads "${media}/tone.wav?name=tone.mp3"
      Then the answer contains {"loadType": "track", "data": {"info": {"length": "#range 990..1010"}}}

  @LL-TRACKS-006 @observed
  Rule: Title and author come from the tags of the file
    Sources: Lavalink docs, api/rest.md "Track Info"; docs/observed/tracks.md#track-objects

    @LL-TRACKS-006.a @needs-http-source
    Scenario: An mp3 with ID3 tags
      When the client loads "${media}/tagged.mp3"
      Then the answer contains {"data": {"info": {"title": "Tagged Title", "author": "Tagged Artist"}}}

  @LL-TRACKS-007 @must
  Rule: The length is in milliseconds
    Sources: Lavalink docs, api/rest.md "Track Info"; docs/observed/tracks.md#track-objects; fixtures/recordings/rest/load_tracks.json

    @LL-TRACKS-007.a @needs-http-source
    Scenario Outline: <seconds> seconds
      When a loaded track "tone-<seconds>s.wav"
      Then the answer at "/data/info/length" is <ms>

      Examples:
        | seconds | ms     |
        | 1       | 1000   |
        | 120     | 120000 |

  @LL-TRACKS-009 @observed
  Rule: A file that names neither has "Unknown title" and "Unknown artist", and its URL for identifier
    pluginInfo.probeInfo names the container that was found.
    Sources: docs/observed/tracks.md#load-results; docs/observed/tracks.md#track-objects; fixtures/recordings/rest/load_tracks.json

    @LL-TRACKS-009.a @needs-http-source
    Scenario: A wav file over HTTP
      When the client loads "${media}/tone-30s.wav"
      Then the answer is 200
      And the answer is:
        """
        {
          "loadType": "track",
          "data": {
            "encoded": "#string",
            "info": {
              "identifier": "${media}/tone-30s.wav",
              "isSeekable": true,
              "author": "Unknown artist",
              "length": 30000,
              "isStream": false,
              "position": 0,
              "title": "Unknown title",
              "uri": "${media}/tone-30s.wav",
              "sourceName": "http",
              "artworkUrl": null,
              "isrc": null
            },
            "pluginInfo": {"probeInfo": "wav"},
            "userData": {}
          }
        }
        """

    @LL-TRACKS-009.b @needs-http-source
    Scenario Outline: <name>
      When the client loads "${media}/<name>"
      Then the answer contains {"loadType": "track", "data": {"pluginInfo": {"probeInfo": "<probe>"}, "info": {"title": "Unknown title", "author": "Unknown artist", "length": <length>}}}

      Examples:
        | name                   | probe | length |
        | tone.wav               | wav   | 1000   |
        | tone.mp3               | mp3   | 2612   |
        | tone.flac              | flac  | 3000   |
        | tone.ogg               | ogg   | 3000   |
        | tone.m4a               | mp4   | 3023   |
        | tone.webm              | matroska/webm | 3008 |
        | tone.wav?name=tone.mp3 | wav   | 1000   |

  @LL-TRACKS-010 @observed
  Rule: The data of what is not there are null
    So is an identifier without a word in it, and a file that its server says it has not.
    Sources: docs/observed/tracks.md#load-results; fixtures/recordings/rest/load_tracks.json

    @LL-TRACKS-010.a
    Scenario Outline: <case>
      When the client requests "GET /v4/loadtracks?<query>"
      Then the answer is {"loadType": "empty", "data": null}

      Examples:
        | case     | query           |
        | words    | identifier=no%20such%20thing |
        | ftp      | identifier=ftp%3A%2F%2Fx%2Fy |
        | no value | identifier      |
        | empty    | identifier=     |
        | blank    | identifier=%20  |
        | file     | identifier=%2Fetc%2Fpasswd |

    @LL-TRACKS-010.b @needs-http-source
    Scenario: An address that answers 404
      When the client loads "${media}/missing.mp3"
      Then the answer is {"loadType": "empty", "data": null}

  @LL-TRACKS-011 @observed
  Rule: The messages about what has to be given name it
    Sources: docs/observed/tracks.md#load-results; docs/observed/tracks.md#decoding; fixtures/recordings/rest/load_tracks.json; fixtures/recordings/rest/rest_basics.json

    @LL-TRACKS-011.a
    Scenario: An identifier
      When the client requests "GET /v4/loadtracks"
      Then the answer is 400 "Required parameter 'identifier' is not present."

    @LL-TRACKS-011.b
    Scenario: An encoded track
      When the client requests "GET /v4/decodetrack"
      Then the answer is 400 "No track to decode provided"

    @LL-TRACKS-011.c
    Scenario: At least one of several
      When the client requests "POST /v4/decodetracks" with []
      Then the answer is 400 "No tracks to decode provided"

  @LL-TRACKS-008 @observed
  Rule: A lookup that breaks always says the same, as a fault
    lavaplayer wraps whatever went wrong; the reason stands in causeStackTrace only.
    A 500 is treated as a 403: lavaplayer makes a difference for 404 alone.
    Sources: docs/observed/tracks.md#load-results; fixtures/recordings/rest/load_tracks.json

    @LL-TRACKS-008.a @needs-http-source
    Scenario Outline: <case>
      When the client loads "<identifier>"
      Then the answer is 200
      And the answer contains {"loadType": "error", "data": {"message": "Something went wrong while looking up the track.", "severity": "fault", "cause": "#string", "causeStackTrace": "#string"}}

      Examples:
        | case      | identifier                  |
        | forbidden | ${media}/forbidden.mp3      |
        | broken    | ${media}/error.mp3          |
        | garbage   | ${media}/garbage.bin        |
        | refused   | http://127.0.0.1:1/none.mp3 |
        | no host   | http://                     |
