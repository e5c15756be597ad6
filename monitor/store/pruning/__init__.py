"""Removing what has been kept for long enough, slice by slice, and giving its space back."""

from monitor.store.pruning.runs import Pruning, PruningLine, Slice, Tally
from monitor.store.pruning.space import Space, Usage
from monitor.store.pruning.walks import BEGIN, Place

__all__ = ["BEGIN", "Place", "Pruning", "PruningLine", "Slice", "Space", "Tally", "Usage"]
