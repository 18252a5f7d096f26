"""What the law of a country asks of advertising: one data file each, judged by the guard's rules.

Not legal advice: each rule names its article, so that somebody who knows the law can check it.
"""
