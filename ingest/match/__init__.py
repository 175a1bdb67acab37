"""Which records are one person: what a record shows, what two records say together, and how clusters grow from that.

    keys        what a record is known by
    nicknames   short forms of given names
    traded      records that one order ties together
    rules       certain by rule: same, different, or neither
    features    the columns that a probability is made of
    levels      how two of them compare, for Splink and in memory alike
    blocking    which records are compared at all
    weights     what was learned, as a small file
    splinked    the model as Splink takes it, and the engine
    learn       learns the weights, by Splink
    score       scores one pair in memory
    expected    from which weight on the records of a register are one person's
    judge       the verdict on two records: same, different, or ask
    candidates  one new record against all that are known
    exclude     what keeps two clusters apart
    cluster     from verdicts on pairs to persons, and who has to look

`ingest.resolve` puts them together.
"""
