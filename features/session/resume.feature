Feature: Resuming a session
  A session that was made resumable waits for its client, and goes on as if nothing had happened.

  @LL-SESSION-030 @must
  Rule: A session that is resumable can be resumed
    A close frame and a lost connection are the same.
    Sources: Lavalink docs, api/index.md "Resuming"; docs/observed/sessions.md#while-the-client-is-away; docs/observed/sessions.md#coming-back; fixtures/recordings/rest/resume_basic.json; fixtures/recordings/rest/resume_dropped_tcp.json; document §3.4

    @LL-SESSION-030.a
    Scenario Outline: After the client <ends>
      Given a connected client
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client <ends>
      And the client's absence is noticed
      And 1 seconds pass
      When a client connects with session "${session}"
      Then the client receives "ready" with {"resumed": true, "sessionId": "${session}"}
      When the client fetches all players
      Then the answer is []

      Examples:
        | ends                 |
        | closes the socket    |
        | drops the connection |

  @LL-SESSION-031 @must
  Rule: On return comes what was missed
    Events that happened meanwhile are queued.
    Sources: Lavalink docs, api/index.md "Resuming"; docs/observed/sessions.md#coming-back; fixtures/recordings/rest/resume_queue_order.json; fixtures/recordings/voice/voice_resume_while_playing.json; document §3.8

    @LL-SESSION-031.b @needs-voice @needs-http-source
    Scenario: A track that has ended meanwhile
      Given a connected client
      And the player plays in a voice channel "tone-8s.wav"
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      And 9 seconds pass
      And a client connects with session "${session}"
      And the client receives "ready" with {"resumed": true}
      Then the client receives "TrackEndEvent" with {"guildId": "${guild}", "reason": "finished"}

  @LL-SESSION-032 @must
  Rule: What was missed comes in the order in which it happened, and nothing is lost
    Sources: Lavalink docs, api/index.md "Resuming"; docs/observed/sessions.md#while-the-client-is-away; docs/observed/sessions.md#coming-back; fixtures/recordings/rest/resume_queue_order.json; fixtures/recordings/playback/14_resume_while_playing.json; document §3.5, §3.8

    @LL-SESSION-032.a @needs-voice @needs-http-source
    Scenario: Three ends in a row
      Given a connected client
      And player "2" plays in a voice channel "tone-9s.wav"
      And the player plays in a voice channel "tone-10s.wav"
      And player "3" plays in a voice channel "tone-11s.wav"
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      And 12 seconds pass
      And a client connects with session "${session}"
      And the client receives "ready" with {"resumed": true}
      Then the client receives in this order:
        | kind          | with                      |
        | TrackEndEvent | {"guildId": "${guild.2}"} |
        | TrackEndEvent | {"guildId": "${guild}"}   |
        | TrackEndEvent | {"guildId": "${guild.3}"} |

  @LL-SESSION-033 @observed
  Rule: playerUpdates are not kept for the return
    A client gets one for each player when it is back, and then those of the timer.
    Sources: docs/observed/sessions.md#while-the-client-is-away; fixtures/recordings/playback/14_resume_while_playing.json; document §3.5

    @LL-SESSION-033.a @profile-short-updates @needs-http-source
    Scenario: Three seconds with updates every second
      Given a connected client
      And a track that nobody hears "tone-30s.wav"
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      And 3.2 seconds pass
      When a client connects with session "${session}"
      Then the client receives "ready" with {"resumed": true}
      And the client receives "playerUpdate"
      And at most 1 "playerUpdate" messages follow within 0.3 seconds

  @LL-SESSION-034 @observed
  Rule: Stats of the absence are kept, and come with what was missed
    They are stale then.
    Sources: docs/observed/sessions.md#while-the-client-is-away; fixtures/recordings/rest/resume_stats_timer.json

    @LL-SESSION-034.a @slow
    Scenario: Away for more than a minute
      Given a connected client
      And the client receives "stats"
      And the client updates the session with {"resuming": true, "timeout": 120}
      And the client drops the connection
      And the client's absence is noticed
      And 62 seconds pass
      When a client connects with session "${session}"
      Then the client receives in this order:
        | kind  | with              |
        | ready | {"resumed": true} |
        | stats |                   |
      And no message follows

  @LL-SESSION-035 @observed
  Rule: A session whose client is away answers every request with 404 "Session not found"
    Its own update included. Once the client is back they are answered again.
    Sources: docs/observed/sessions.md#while-the-client-is-away; fixtures/recordings/rest/resume_basic.json

    @LL-SESSION-035.a
    Scenario Outline: <case>
      Given a connected client
      And a player
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      When the client requests "<request>" with <body>
      Then the answer is 404 "Session not found"
      When a client connects with session "${session}"
      And the client receives "ready"
      And the client requests "<request>" with <body>
      Then the answer is <status>

      Examples:
        | case              | request                                         | body              | status |
        | list of players   | GET /v4/sessions/${session}/players             | {}                | 200    |
        | player            | GET /v4/sessions/${session}/players/${guild}    | {}                | 200    |
        | update of player  | PATCH /v4/sessions/${session}/players/${guild}  | {"volume": 50}    | 200    |
        | end of player     | DELETE /v4/sessions/${session}/players/${guild} | {}                | 204    |
        | update of session | PATCH /v4/sessions/${session}                   | {"timeout": 30}   | 200    |

  @LL-SESSION-036 @observed
  Rule: Players of a session are not counted while its client is away
    Sources: docs/observed/sessions.md#while-the-client-is-away; fixtures/recordings/rest/resume_basic.json

    @LL-SESSION-036.a @alone
    Scenario: One player
      Given a connected client
      And the client requests "GET /v4/stats"
      And the answer at "/players" is remembered as "before"
      And a player
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      When the client requests "GET /v4/stats"
      Then the answer at "/players" is ${before} plus 0
      When a client connects with session "${session}"
      And the client receives "ready" with {"resumed": true}
      And the client requests "GET /v4/stats"
      Then the answer at "/players" is ${before} plus 1

  @LL-SESSION-037 @must
  Rule: Players keep everything while the client is away
    Sources: Lavalink docs, api/index.md "Resuming"; docs/observed/sessions.md#coming-back; fixtures/recordings/rest/resume_basic.json; document §3.6

    @LL-SESSION-037.a @needs-http-source @needs-filter-tremolo
    Scenario: Volume, pause, filters, track
      Given a connected client
      And a playing track "tone-30s.wav"
      And the client updates the player with {"volume": 42, "paused": true, "filters": {"tremolo": {"frequency": 3.0, "depth": 0.25}}}
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      And a client connects with session "${session}"
      And the client receives "ready" with {"resumed": true}
      When the client fetches the player
      Then the answer contains {"volume": 42, "paused": true, "filters": {"tremolo": {"frequency": 3.0, "depth": 0.25}}, "track": {"info": {"uri": "${media}/tone-30s.wav"}}}

    @LL-SESSION-037.b @needs-http-source
    Scenario: What the client has put to the track
      Given a connected client
      And a playing track "tone-30s.wav"
      And the client updates the player with {"track": {"userData": {"who": "me"}}}
      And the player contains {"track": {"userData": {"who": "me"}}}
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      And a client connects with session "${session}"
      And the client receives "ready" with {"resumed": true}
      When the client fetches the player
      Then the answer contains {"track": {"userData": {"who": "me"}}}

  @LL-SESSION-038 @must
  Rule: Tracks play on while the client is away
    Sources: Lavalink docs, api/index.md "Resuming"; docs/observed/sessions.md#while-the-client-is-away; fixtures/recordings/voice/voice_resume_while_playing.json; document §3.5, §3.9

    @LL-SESSION-038.a @needs-voice @needs-http-source
    Scenario: Two seconds later it is two seconds on
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And 1 seconds pass
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      And 2 seconds pass
      And a client connects with session "${session}"
      And the client receives "ready" with {"resumed": true}
      When the client fetches the player
      Then the answer contains {"state": {"connected": true, "position": "#range 2400..5000"}}
      And the voice channel hears 120 to 250 frames

  @LL-SESSION-039 @must
  Rule: Voice channels are kept while the client is away
    Sources: Lavalink docs, api/index.md "Resuming"; docs/observed/sessions.md#while-the-client-is-away; fixtures/recordings/voice/voice_resume_while_playing.json; document §3.6

    @LL-SESSION-039.a @needs-voice
    Scenario: The bot does not leave
      Given a connected client
      And the player is in a voice channel
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      And 1 seconds pass
      And a client connects with session "${session}"
      And the client receives "ready" with {"resumed": true}
      When the client fetches the player
      Then the answer contains {"voice": ${voice}, "state": {"connected": true}}

  @LL-SESSION-040 @must
  Rule: After the timeout the session is gone, with its players and voice channels
    A client that comes later gets a new session.
    Sources: Lavalink docs, api/rest.md "Update Session"; docs/observed/sessions.md#after-the-timeout; fixtures/recordings/rest/resume_timeout_expires.json; document §3.9

    @LL-SESSION-040.a
    Scenario: After one second
      Given a connected client
      And a player
      And the client updates the session with {"resuming": true, "timeout": 1}
      And the client drops the connection
      And the client's absence is noticed
      And 2 seconds pass
      When a client connects with session "${session}"
      Then the client receives "ready" with {"resumed": false}
      When the handshake is accepted
      And the client fetches all players
      Then the answer is []

    @LL-SESSION-040.b @needs-voice @needs-http-source
    Scenario: The voice channel is left
      Given a connected client
      And the player plays in a voice channel "tone-30s.wav"
      And the client updates the session with {"resuming": true, "timeout": 1}
      And the client drops the connection
      And the client's absence is noticed
      When 3 seconds pass
      Then the voice gateway is without the bot
      And the voice channel hears nothing for 1 seconds

  @LL-SESSION-041 @observed
  Rule: With a timeout of 0 or less the session is gone at once
    Sources: docs/observed/sessions.md#after-the-timeout; fixtures/recordings/rest/resume_timeout_zero.json; document §3.9

    @LL-SESSION-041.a
    Scenario Outline: A timeout of <timeout>
      Given a connected client
      And the client updates the session with {"resuming": true, "timeout": <timeout>}
      And the client drops the connection
      And the client's absence is noticed
      And 0.2 seconds pass
      When a client connects with session "${session}"
      Then the client receives "ready" with {"resumed": false, "sessionId": "#not \"${session}\""}

      Examples:
        | timeout |
        | 0       |
        | -1      |

  @LL-SESSION-042 @must
  Rule: A session that was resumed stays resumable
    Sources: Lavalink docs, api/rest.md "Update Session"; docs/observed/sessions.md#coming-back; fixtures/recordings/rest/resume_basic.json

    @LL-SESSION-042.a
    Scenario: Twice, with one update
      Given a connected client
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      And a client connects with session "${session}"
      And the client receives "ready" with {"resumed": true}
      And the client drops the connection
      And the client's absence is noticed
      When a client connects with session "${session}"
      Then the client receives "ready" with {"resumed": true, "sessionId": "${session}"}

  @LL-SESSION-043 @observed
  Rule: Whoever has its id may resume a session
    User-Id and Client-Name are not compared.
    Sources: docs/observed/sessions.md#coming-back; fixtures/recordings/rest/resume_basic.json

    @LL-SESSION-043.a
    Scenario: Another bot
      Given a connected client
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      When client "B" connects with headers:
        | header      | value      |
        | Session-Id  | ${session} |
        | User-Id     | 4711       |
        | Client-Name | other/2    |
      Then client "B" receives "ready" with {"resumed": true, "sessionId": "${session}"}

  @LL-SESSION-044 @observed
  Rule: A session whose client is there is not resumed by another
    The other gets a session of its own.
    Sources: docs/observed/sessions.md#ids-that-are-still-open; fixtures/recordings/rest/resume_while_open.json

    @LL-SESSION-044.a
    Scenario: Both live on
      Given a connected client
      And the client updates the session with {"resuming": true, "timeout": 30}
      When client "B" connects with session "${session}"
      Then client "B" receives "ready" with {"resumed": false, "sessionId": "#not \"${session}\""}
      And the client's ping is answered
      When the client fetches all players
      Then the answer is []

  @LL-SESSION-045 @observed
  Rule: Of several sockets one resumes a session
    The other gets a session of its own.
    Sources: docs/observed/sessions.md#ids-that-are-still-open; document §3.9

    @LL-SESSION-045.a
    Scenario: One after the other
      Given a connected client
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      And a client connects with session "${session}"
      And the client receives "ready" with {"resumed": true}
      When client "B" connects with session "${session}"
      Then client "B" receives "ready" with {"resumed": false, "sessionId": "#not \"${session}\""}

    @LL-SESSION-045.b @quirk
    Scenario: At the same time
      Given a connected client
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      When clients "B" and "C" connect at once with session "${session}"
      Then one of clients "B" and "C" has session "${session}"

  @LL-SESSION-046 @must
  Rule: A connection without Session-Id is a new session, and leaves others as they are
    Sources: Lavalink docs, api/index.md "Resuming"; docs/observed/sessions.md#ids-that-are-still-open; document §3.9

    @LL-SESSION-046.a
    Scenario: The other can still be resumed
      Given a connected client
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      And a connected client "B"
      When a client connects with session "${session}"
      Then the client receives "ready" with {"resumed": true, "sessionId": "${session}"}
      And client "B"'s ping is answered

  @LL-SESSION-047 @should
  Rule: The timeout that was set last counts
    Sources: Lavalink docs, api/rest.md "Update Session"; docs/observed/sessions.md#after-the-timeout; fixtures/recordings/rest/session_patch.json

    @LL-SESSION-047.a
    Scenario: Thirty seconds, then one
      Given a connected client
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client updates the session with {"timeout": 1}
      And the client drops the connection
      And the client's absence is noticed
      And 2 seconds pass
      When a client connects with session "${session}"
      Then the client receives "ready" with {"resumed": false}

  @LL-SESSION-048 @should
  Rule: A session that was resumed has its settings still
    Sources: Lavalink docs, api/rest.md "Update Session"; docs/observed/sessions.md#coming-back; fixtures/recordings/rest/resume_basic.json

    @LL-SESSION-048.a
    Scenario: Resuming and timeout
      Given a connected client
      And the client updates the session with {"resuming": true, "timeout": 33}
      And the client drops the connection
      And the client's absence is noticed
      And a client connects with session "${session}"
      And the client receives "ready" with {"resumed": true}
      When the client updates the session with {}
      Then the answer is {"resuming": true, "timeout": 33}

  @LL-SESSION-049 @observed
  Rule: The timer of playerUpdates keeps its rhythm
    Sources: docs/observed/sessions.md#coming-back; fixtures/recordings/playback/14_resume_while_playing.json

    @LL-SESSION-049.a @slow @needs-http-source
    Scenario: Four seconds into the five
      Given a connected client
      And a track that nobody hears "tone-60s.wav"
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client receives "playerUpdate" within 6 seconds
      And the client drops the connection
      And the client's absence is noticed
      And 3 seconds pass
      When a client connects with session "${session}"
      Then the client receives "ready" with {"resumed": true}
      And the client receives "playerUpdate"
      And the client receives "playerUpdate" within 3.5 seconds

  @LL-SESSION-050 @observed
  Rule: The minute of stats keeps its rhythm
    Sources: docs/observed/sessions.md#coming-back; fixtures/recordings/rest/resume_stats_timer.json

    @LL-SESSION-050.a @slow
    Scenario: Twenty seconds into the sixty
      Given a connected client
      And the client receives "stats"
      And the client updates the session with {"resuming": true, "timeout": 120}
      And the client drops the connection
      And the client's absence is noticed
      And 20 seconds pass
      When a client connects with session "${session}"
      Then the client receives "ready" with {"resumed": true}
      And the client receives "stats" within 45 seconds

  @LL-SESSION-051 @observed
  Rule: After what was missed comes a playerUpdate for every player
    Idle players get one too. There are no stats, but those that were missed.
    Sources: docs/observed/sessions.md#coming-back; fixtures/recordings/rest/resume_queue_order.json; fixtures/recordings/voice/voice_resume_while_playing.json; document §3.8

    @LL-SESSION-051.a
    Scenario: Two idle players
      Given a connected client
      And a player
      And a player "2"
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      When a client connects with session "${session}"
      Then the client receives "ready" with {"resumed": true}
      And the client receives in any order:
        | kind         | with                                                                             |
        | playerUpdate | {"guildId": "${guild}", "state": {"connected": false, "position": 0, "ping": -1}} |
        | playerUpdate | {"guildId": "${guild.2}", "state": {"connected": false, "position": 0}}           |
      And no message follows

    @LL-SESSION-051.b @needs-voice @needs-http-source
    Scenario: A track that has ended meanwhile
      Given a connected client
      And the player plays in a voice channel "tone-4s.wav"
      And the client updates the session with {"resuming": true, "timeout": 30}
      And the client drops the connection
      And the client's absence is noticed
      And 5 seconds pass
      When a client connects with session "${session}"
      Then the client receives in this order:
        | kind          | with                                                                              |
        | ready         | {"resumed": true}                                                                 |
        | TrackEndEvent | {"reason": "finished", "track": {"info": {"position": 3980}}}                     |
        | playerUpdate  | {"guildId": "${guild}", "state": {"connected": true, "position": 0}}              |
      And no message follows
