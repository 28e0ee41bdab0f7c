"""From what a file says to standard events: places, dates, commodities, quantities, directions."""

from geo.clean.place import locate
from geo.clean.problems import Events, Located, Problems
from geo.clean.regions import Regions
from geo.clean.standard import events

__all__ = ["Events", "Located", "Problems", "Regions", "events", "locate"]
