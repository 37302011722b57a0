"""A live-chat support server: the widget's visitors on one side, the desk's agents on the other."""

__version__ = "0.1.0"
