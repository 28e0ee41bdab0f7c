"""From what a file says to standard events: places, dates, commodities, quantities, directions."""

from geo.clean.place import locate
from geo.clean.problems import Events, Located, Problems
from geo.clean.regions import Regions

__all__ = ["Events", "Located", "Problems", "Regions", "locate"]
