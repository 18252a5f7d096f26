# pyright: basic
from functools import reduce
from operator import and_
from dangol.segments.comparison import *

def fits_all(event, where):
    return reduce(and_, [fit(event[f.property], f.test) for f in where])

def fit(value, test):
    match test:
        case Equals(value=v): return value == v
        case AtLeast(value=v): return value >= v
        case OneOf(values=v): return value.isin(v)
