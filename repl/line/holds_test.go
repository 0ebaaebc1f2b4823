package line_test

import (
	"testing"

	"socksh/commands"
	"socksh/commands/spec"
	"socksh/repl/line"
)

func loopback(port int64) spec.Value {
	return spec.L(spec.N(2), spec.N(port), spec.N(0x7f000001))
}

func TestHolds(t *testing.T) {
	refused := line.Result{Ret: -1, Errno: "ECONNREFUSED"}
	hello := line.Result{Ret: 5, Data: []byte("hello"), HasData: true}
	local := line.Result{Addr: loopback(80), AddrType: &commands.Address}
	path := line.Result{Addr: spec.L(spec.N(1), spec.S([]byte("\x00ab"))), AddrType: &commands.Address}
	size := line.Result{Type: spec.Int{}, Value: spec.N(4096)}
	linger := line.Result{Value: spec.L(spec.N(1), spec.N(5)), Type: &spec.Struct{Fields: []spec.Field{
		{Name: "l_onoff", Type: spec.Int{Bool: true}}, {Name: "l_linger", Type: spec.Int{}}}}}
	for _, c := range []struct {
		expect string
		got    line.Result
		holds  bool
		came   string
	}{
		{"ok", hello, true, ""},
		{"ok", refused, false, "-1 ECONNREFUSED"},
		{"*", refused, true, ""},
		{"ECONNREFUSED", refused, true, ""},
		{"EAGAIN", refused, false, "-1 ECONNREFUSED"},
		{"EWOULDBLOCK", line.Result{Ret: -1, Errno: "EAGAIN"}, true, ""},
		{"ECONNREFUSED", hello, false, `"hello"`},
		{"-1", refused, true, ""},
		{"5", hello, true, ""},
		{"4", hello, false, `"hello"`},
		{">= 5", hello, true, ""},
		{">= 6", hello, false, `"hello"`},
		{"<= 5", hello, true, ""},
		{"!= 5", hello, false, `"hello"`},
		{"!= 0", refused, false, "-1 ECONNREFUSED"},
		{"<= 0", refused, false, "-1 ECONNREFUSED"},
		{"0", line.Result{}, true, ""},
		{"0", line.Result{Ret: 3}, false, "3"},
		{`"hello"`, hello, true, ""},
		{`"hell"`, hello, false, `"hello"`},
		{`"hello\0"`, hello, false, `"hello"`},
		{`"hello"`, refused, false, "-1 ECONNREFUSED"},
		{"/^h.*o$/", hello, true, ""},
		{"/x/", hello, false, `"hello"`},
		{"/x/", line.Result{Data: []byte("\x1b[2J"), HasData: true}, false, `"\33[2J"`},
		{"127.0.0.1:80", local, true, ""},
		{"127.0.0.1:81", local, false, "127.0.0.1:80"},
		{"127.0.0.2:80", local, false, "127.0.0.1:80"},
		{"*:80", local, true, ""},
		{"127.0.0.1:*", local, true, ""},
		{"*:80", path, false, "unix:@ab"},
		{"unix:@ab", path, true, ""},
		{"unix:@a", path, false, "unix:@ab"},
		{"port=80", local, true, ""},
		{"host=127.0.0.1", local, true, ""},
		{"host=127.0.0.9", local, false, "127.0.0.1:80"},
		{"sin_addr=127.0.0.1", local, true, ""},
		{"sa_family=AF_INET", local, true, ""},
		{"sa_family=inet6", local, false, "127.0.0.1:80"},
		{"path=@ab", path, true, ""},
		{"4096", size, true, ""},
		{"0", size, false, "4096"},
		{"<= 4K", size, true, ""},
		{"l_onoff=on", linger, true, ""},
		{"l_linger=6", linger, false, `{"l_onoff": 1, "l_linger": 5}`},
		{"ECONNREFUSED", line.Result{Type: spec.Errno{}, Value: spec.N(111)}, true, ""},
	} {
		all, err := parser().Line("recv => "+c.expect, 1, known)
		if err != nil {
			t.Errorf("%s: %v", c.expect, err)
			continue
		}
		holds, came := all[0].Expect.Holds(c.got)
		if holds != c.holds || came != c.came {
			t.Errorf("%s: %v, came %s", c.expect, holds, came)
		}
	}
}

func TestExpandExpect(t *testing.T) {
	all, err := parser().Line(`recv => "a $data"`, 1, known)
	if err != nil {
		t.Fatal(err)
	}
	e, err := all[0].Expect.Expand(func(string) (string, error) { return "file:x", nil })
	if err != nil {
		t.Fatal(err)
	}
	if ok, came := e.Holds(line.Result{Data: []byte("a file:x"), HasData: true}); !ok {
		t.Errorf("came %s", came)
	}
}
