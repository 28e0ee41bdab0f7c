"""From what a file says to standard events: places, dates, commodities, quantities, directions."""
