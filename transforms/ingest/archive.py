"""What archives have in common: many records in one file, read from a position that an earlier read left."""

from transforms.records import Failure, Item, record


@record
class Position:
    """A place between two records of an archive.

    Attributes:
        offset: Bytes before it: of the decompressed lines of a .jsonl, of the file as it lies on the disk of a .warc.
        number: Lines or records before it.
    """

    offset: int = 0
    number: int = 0


# What one record holds, None where that is no article (a picture in a .warc), and the position behind it.
type Found = tuple[Item | Failure | None, Position]
