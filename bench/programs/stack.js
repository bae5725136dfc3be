// An empty stack: what every run takes, whatever it declares.
