Feature: What answers look like
  Each schema of an answer is a rule. It is broken by every answer that is not as the schema says,
  in whatever scenario it comes; the difference names the field.

  @LL-SHAPE-001 @must
  Rule: The info has the shape that the documentation gives it
    Sources: Lavalink docs, api/rest.md "Get Lavalink info"; document §4.5

    @LL-SHAPE-001.a
    Scenario: GET /v4/info
      Given the client requests "GET /v4/info"
      Then nothing that came breaks "LL-SHAPE-001"

  @LL-SHAPE-002 @must
  Rule: The statistics have the shape that the documentation gives them
    Sources: Lavalink docs, api/rest.md "Get Lavalink stats"; document §4.2

    @LL-SHAPE-002.a
    Scenario: GET /v4/stats
      Given the client requests "GET /v4/stats"
      Then nothing that came breaks "LL-SHAPE-002"

  @LL-SHAPE-003 @must
  Rule: What was loaded has the shape that the documentation gives it
    Sources: Lavalink docs, api/rest.md "Track Loading"; docs/observed/tracks.md#load-results

    @LL-SHAPE-003.a @needs-http-source
    Scenario: A track
      Given a loaded track "tone-30s.wav"
      Then nothing that came breaks "LL-SHAPE-003"

    @LL-SHAPE-003.b @needs-http-source
    Scenario: Where nobody listens
      Given the client loads "http://127.0.0.1:1/none.mp3"
      Then nothing that came breaks "LL-SHAPE-003"

  @LL-SHAPE-004 @must
  Rule: A decoded track has the shape of a track
    Sources: Lavalink docs, api/rest.md "Track Decoding"; docs/observed/tracks.md#decoding

    @LL-SHAPE-004.a @needs-http-source
    Scenario: GET /v4/decodetrack
      Given a loaded track "tone-30s.wav"
      And the client decodes "${track}"
      Then nothing that came breaks "LL-SHAPE-004"

  @LL-SHAPE-005 @must
  Rule: Decoded tracks have the shape of a list of tracks
    Sources: Lavalink docs, api/rest.md "Track Decoding"; docs/observed/tracks.md#decoding

    @LL-SHAPE-005.a @needs-http-source
    Scenario: POST /v4/decodetracks
      Given a loaded track "tone-30s.wav"
      And the client requests "POST /v4/decodetracks" with ["${track}"]
      Then nothing that came breaks "LL-SHAPE-005"

  @LL-SHAPE-006 @must
  Rule: An updated session has the shape of a session
    Sources: Lavalink docs, api/rest.md "Update Session"; document §3.3

    @LL-SHAPE-006.a
    Scenario: PATCH of a session
      Given a connected client
      And the client updates the session with {"resuming": true, "timeout": 30}
      Then nothing that came breaks "LL-SHAPE-006"

  @LL-SHAPE-007 @must
  Rule: The players of a session are a list of players
    Sources: Lavalink docs, api/rest.md "Get Players"; docs/observed/players.md#creation-and-deletion

    @LL-SHAPE-007.a
    Scenario: GET of a session's players
      Given a connected client
      And a player
      And the client fetches all players
      Then nothing that came breaks "LL-SHAPE-007"

  @LL-SHAPE-008 @must
  Rule: A player has the shape that the documentation gives it
    Sources: Lavalink docs, api/rest.md "Player"; docs/observed/players.md#creation-and-deletion

    @LL-SHAPE-008.a
    Scenario: GET of a player
      Given a connected client
      And a player
      And the client fetches the player
      Then nothing that came breaks "LL-SHAPE-008"

  @LL-SHAPE-009 @must
  Rule: An updated player has the shape of a player
    Sources: Lavalink docs, api/rest.md "Update Player"; docs/observed/players.md#creation-and-deletion

    @LL-SHAPE-009.a
    Scenario: PATCH of a player
      Given a connected client
      And a player
      Then nothing that came breaks "LL-SHAPE-009"

  @LL-SHAPE-010 @must @profile-load-balance
  Rule: The status of the route planner has a shape for each of its kinds
    Sources: Lavalink docs, api/rest.md "Get RoutePlanner status"; document §2.5

    @LL-SHAPE-010.a
    Scenario: GET /v4/routeplanner/status
      Given the client requests "GET /v4/routeplanner/status"
      Then nothing that came breaks "LL-SHAPE-010"

  @LL-SHAPE-011 @must
  Rule: An error is a JSON object with timestamp, status, error, message and path
    A refusal of the password may do without a body.
    Sources: Lavalink docs, api/rest.md "Error Responses"; docs/observed/http.md#error-objects

    @LL-SHAPE-011.a
    Scenario: A path that there is not
      When the client requests "GET /v4/nothing"
      Then the answer is a refusal
      And nothing that came breaks "LL-SHAPE-011"
