Feature: Counting players
  The counts are of the whole server. These scenarios run alone,
  as every player of another scenario would be counted.

  @LL-STATS-040 @must
  Rule: players counts every player that exists
    From the update that makes it until it is destroyed, with a track or without.
    Sources: Lavalink docs, api/websocket.md "Stats Object"; docs/observed/stats.md#counts; fixtures/recordings/rest/player_lazy_creation.json; document §4.1, §5.1

    @LL-STATS-040.a @alone
    Scenario: A player comes and goes
      Given a connected client
      And the client requests "GET /v4/stats"
      And the answer at "/players" is remembered as "before"
      When the client updates the player with {}
      And the client requests "GET /v4/stats"
      Then the answer at "/players" is ${before} plus 1
      When the client destroys the player
      And the client requests "GET /v4/stats"
      Then the answer at "/players" is ${before}

    @LL-STATS-040.b @alone
    Scenario: A second update does not count again
      Given a connected client
      And the client requests "GET /v4/stats"
      And the answer at "/players" is remembered as "before"
      When the client updates the player with {}
      And the client updates the player with {"volume": 42}
      And the client requests "GET /v4/stats"
      Then the answer at "/players" is ${before} plus 1

    @LL-STATS-040.c @alone
    Scenario: Looking for a player does not make one
      Given a connected client
      And the client requests "GET /v4/stats"
      And the answer at "/players" is remembered as "before"
      When the client fetches the player
      And the client destroys the player
      And the client requests "GET /v4/stats"
      Then the answer at "/players" is ${before}

  @LL-STATS-041 @should
  Rule: Players of all connected sessions are counted together
    The same guild in two sessions is two players.
    The document says across all sessions; the real server leaves out those that wait to be resumed.
    Sources: Lavalink docs, api/websocket.md "Stats Object"; docs/observed/stats.md#counts; document §4.1, §5.3

    @LL-STATS-041.a @alone
    Scenario: Two sessions
      Given a connected client
      And a connected client "B"
      And the client requests "GET /v4/stats"
      And the answer at "/players" is remembered as "before"
      When the client updates the player with {}
      And client "B" updates the player with {}
      And client "B" updates player "2" with {}
      And the client requests "GET /v4/stats"
      Then the answer at "/players" is ${before} plus 3

    @LL-STATS-041.b @alone
    Scenario: A session is told of the players of others
      Given a connected client
      And the client requests "GET /v4/stats"
      And the answer at "/players" is remembered as "before"
      And a player
      And the client requests "GET /v4/stats"
      And the answer at "/players" is ${before} plus 1
      And the answer at "/players" is remembered as "now"
      When client "B" connects
      Then client "B" receives "stats" within 65 seconds with {"players": ${now}}

  @LL-STATS-042 @must
  Rule: When a session ends, its players are not counted any more
    A server that forgets to would look busy for ever.
    Sources: Lavalink docs, api/websocket.md "Stats Object"; Lavalink docs, api/index.md "Resuming"; docs/observed/stats.md#counts; docs/observed/sessions.md#sessions-that-end; document §3.9

    @LL-STATS-042.a @alone
    Scenario: The session of two players is closed
      Given a connected client "B"
      And client "B" requests "GET /v4/stats"
      And the answer at "/players" is remembered as "before"
      And a connected client
      And a player
      And a player "2"
      And the client requests "GET /v4/stats"
      And the answer at "/players" is ${before} plus 2
      When the client closes the socket
      And the client's session ends
      And client "B" requests "GET /v4/stats"
      Then the answer at "/players" is ${before}

    @LL-STATS-042.b @alone
    Scenario: The connection of one of two sessions is lost
      Given a connected client "B"
      And client "B" updates the player with {}
      And client "B" requests "GET /v4/stats"
      And the answer at "/players" is remembered as "before"
      And a connected client
      And a player
      When the client drops the connection
      And the client's session ends
      And client "B" requests "GET /v4/stats"
      Then the answer at "/players" is ${before}

  @LL-STATS-043 @must
  Rule: playingPlayers counts players that play a track
    Idle players cost a server next to nothing.
    Sources: Lavalink docs, api/websocket.md "Stats Object"; docs/observed/stats.md#counts; fixtures/recordings/rest/player_play_without_voice.json; document §4.1

    @LL-STATS-043.a @alone
    Scenario: An idle player does not play
      Given a connected client
      And the client requests "GET /v4/stats"
      And the answer at "/playingPlayers" is remembered as "before"
      When the client updates the player with {}
      And the client requests "GET /v4/stats"
      Then the answer at "/playingPlayers" is ${before}

    @LL-STATS-043.h @alone @needs-http-source @needs-voice
    Scenario: A player with a track plays
      Given a connected client
      And the client requests "GET /v4/stats"
      And the answer at "/playingPlayers" is remembered as "before"
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      When the client requests "GET /v4/stats"
      Then the answer at "/playingPlayers" is ${before} plus 1

    @LL-STATS-043.j @alone @needs-http-source @needs-voice
    Scenario: It does again when it goes on
      Given a connected client
      And the client requests "GET /v4/stats"
      And the answer at "/playingPlayers" is remembered as "before"
      And the player plays in a voice channel "tone-30s.wav"
      And the client updates the player with {"paused": true}
      And 1 seconds pass
      And the client updates the player with {"paused": false}
      And 1 seconds pass
      When the client requests "GET /v4/stats"
      Then the answer at "/playingPlayers" is ${before} plus 1

    @LL-STATS-043.d @alone @needs-http-source
    Scenario: A player that is stopped does not
      Given a connected client
      And the client requests "GET /v4/stats"
      And the answer at "/playingPlayers" is remembered as "before"
      And a playing track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": null}}
      And the client requests "GET /v4/stats"
      Then the answer at "/playingPlayers" is ${before}

    @LL-STATS-043.f @alone @needs-http-source
    Scenario: A player that is destroyed while it plays does not
      Given a connected client
      And the client requests "GET /v4/stats"
      And the answer at "/playingPlayers" is remembered as "before"
      And a playing track "tone-30s.wav"
      When the client destroys the player
      And the client requests "GET /v4/stats"
      Then the answer at "/playingPlayers" is ${before}

    @LL-STATS-043.g @alone @needs-http-source
    Scenario: A player of a session that ends does not
      Given a connected client
      And the client requests "GET /v4/stats"
      And the answer at "/playingPlayers" is remembered as "before"
      And a playing track "tone-30s.wav"
      When the client drops the connection
      And the client's session ends
      And the client requests "GET /v4/stats"
      Then the answer at "/playingPlayers" is ${before}

  @LL-STATS-097 @should
  Rule: playingPlayers leaves out paused players
    The documentation has "playing a track", and calls the track of a paused player the currently playing one.
    Sources: Lavalink docs, api/websocket.md "Stats Object"; docs/observed/stats.md#counts; document §4.1

    @LL-STATS-097.a @alone @needs-http-source @needs-voice
    Scenario: A player that is paused
      Given a connected client
      And the client requests "GET /v4/stats"
      And the answer at "/playingPlayers" is remembered as "before"
      And the player plays in a voice channel "tone-30s.wav"
      When the client updates the player with {"paused": true}
      And the client requests "GET /v4/stats"
      Then the answer at "/playingPlayers" is ${before}

    @LL-STATS-097.b @alone @needs-http-source
    Scenario: A track that begins paused
      Given a connected client
      And the player may be heard
      And a loaded track "tone-30s.wav"
      And the client requests "GET /v4/stats"
      And the answer at "/playingPlayers" is remembered as "before"
      When the client updates the player with {"track": {"encoded": "${track}"}, "paused": true}
      And the client requests "GET /v4/stats"
      Then the answer at "/playingPlayers" is ${before}

  @LL-STATS-092 @observed
  Rule: A track that nobody hears counts as playing
    Without a voice channel it does not get on, but it is there.
    Sources: docs/observed/stats.md#counts; fixtures/recordings/rest/player_play_without_voice.json; document §4.1

    @LL-STATS-092.a @alone @needs-http-source
    Scenario: Without a voice channel
      Given a connected client
      And the client requests "GET /v4/stats"
      And the answer at "/playingPlayers" is remembered as "before"
      And a track that nobody hears "tone-30s.wav"
      When the client requests "GET /v4/stats"
      Then the answer at "/playingPlayers" is ${before} plus 1
