"""As much of Discord as a client needs: a bot, and a guild whose voice channel can be joined."""

from types import SimpleNamespace


class FakeBot:
    """Keeps what the client dispatches."""

    def __init__(self):
        self.user = SimpleNamespace(id=1)
        self.events = []
        self.channels = {}

    def dispatch(self, name, *args):
        self.events.append((name, *args))

    def get_channel(self, id):
        return self.channels.get(id)

    def of(self, name):
        """All events of a name, as the client's own payloads."""
        return [event[1] for event in self.events if event[0] == name]


class FakeGuild:
    def __init__(self, bot, id):
        self.id, self.bot, self.player = id, bot, None
        self.channel = SimpleNamespace(id=id + 1, guild=self, members=[], _get_voice_client_key=None)
        bot.channels[self.channel.id] = self.channel

    async def change_voice_state(self, *, channel, **_):
        """Discord answers with the two events that voice data are made of."""
        if channel:
            state = {"channel_id": channel.id, "session_id": "s", "user_id": "1", "guild_id": str(self.id)}
            await self.player.on_voice_state_update(state)
            server = {"token": "t", "endpoint": "voice.test:443", "guild_id": str(self.id)}
            await self.player.on_voice_server_update(server)
