"""Search: a question to the history means what the same condition means in a rule.

An index of words finds the articles in which a question could hold, and the engine of the rules decides. So the index
may promise too much, and never too little.
"""
