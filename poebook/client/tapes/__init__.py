"""Recorded conversations: written, read, asked again."""

from poebook.client.tapes.keeping import read_tape as read_tape
from poebook.client.tapes.keeping import write_tape as write_tape
from poebook.client.tapes.outcome import Replay as Replay
from poebook.client.tapes.outcome import ReplayTurn as ReplayTurn
from poebook.client.tapes.replaying import replay as replay
from poebook.client.tapes.taking import turns_of as turns_of
from poebook.client.tapes.tape import Tape as Tape
from poebook.client.tapes.tape import TapeCall as TapeCall
from poebook.client.tapes.tape import TapeEvent as TapeEvent
from poebook.client.tapes.tape import TapeFile as TapeFile
from poebook.client.tapes.tape import TapeTurn as TapeTurn
