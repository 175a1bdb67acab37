"""What can be told of one customer: what she brings, whether she is still one, what she may like, how she came.

Simple models that fit in a sentence, over plain data; what they know of everybody is learned anew each time.
"""
