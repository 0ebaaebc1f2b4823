package line

// Came says what came, for the message of a failure.
func (r *Result) Came() string { return r.came() }
