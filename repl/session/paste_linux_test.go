package session_test

import (
	"fmt"
	"slices"
	"testing"
)

// TestPastedNumbers runs a trace again in a session where its numbers are taken: they stand for those that came.
func TestPastedNumbers(t *testing.T) {
	r := newRig(t, true)
	r.s.SetNotes(false)
	r.run("x = socket udp", "y, z = socketpair") // takes the numbers that the trace had
	a, b, c := r.fd("x"), r.fd("y"), r.fd("z")
	r.s.Pasting(true)
	got := r.run(
		fmt.Sprintf("socketpair(AF_UNIX, SOCK_STREAM, 0, [%d, %d]) = 0", a, b),
		fmt.Sprintf(`send(%d, "hello", 5, 0) = 5`, a),
		fmt.Sprintf(`recv(%d, "hello", 1024, 0) = 5`, b),
		fmt.Sprintf("dup(%d) = %d", b, c),
		fmt.Sprintf("close(%d) = 0", c),
	)
	var first, second, third int
	if _, err := fmt.Sscanf(got[0], "socketpair(AF_UNIX, SOCK_STREAM, 0, [%d, %d]) = 0", &first, &second); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscanf(got[3], fmt.Sprintf("dup(%d) = %%d", second), &third); err != nil {
		t.Fatalf("%v: %s", err, got[3])
	}
	if first == a || second == b || third == c {
		t.Fatalf("the numbers were not taken: %q", got)
	}
	want := []string{
		fmt.Sprintf("socketpair(AF_UNIX, SOCK_STREAM, 0, [%d, %d]) = 0", first, second),
		fmt.Sprintf(`send(%d, "hello", 5, 0) = 5`, first),
		fmt.Sprintf(`recv(%d, "hello", 1024, 0) = 5`, second),
		fmt.Sprintf("dup(%d) = %d", second, third),
		fmt.Sprintf("close(%d) = 0", third),
	}
	if !slices.Equal(got, want) {
		t.Errorf("came %q\nwant %q", got, want)
	}
	r.s.Pasting(false)
	if got := last(r.run(fmt.Sprintf("fcntl(%d, F_GETFD) = 0", a))); got != fmt.Sprintf("fcntl(%d, F_GETFD) = 0", a) {
		t.Errorf("after the paste: %s", got)
	}
}
