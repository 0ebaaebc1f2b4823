package session

import (
	"bytes"
	"net/netip"

	"socksh/commands/notation"
	"socksh/commands/spec"
	"socksh/repl/line"
)

// asResult is what => compares: what assigning would give.
func (o *outcome) asResult() line.Result {
	got := line.Result{Ret: o.ret}
	if o.errno != 0 {
		got.Errno = o.errno.Name()
		return got
	}
	for _, v := range resultOf(o.call, o.types, o.vals, o.ret).vars {
		v.into(&got)
	}
	return got
}

// asResult is what $x => compares.
func (v *variable) asResult() line.Result {
	var got line.Result
	v.into(&got)
	return got
}

func (v *variable) into(got *line.Result) {
	switch v.holds {
	case notation.Text:
		got.Data, got.HasData, got.Ret = v.value.B, true, int64(len(v.value.B))
	case notation.Address:
		got.Addr, got.AddrType = v.value, v.typ.(*spec.Tagged)
	case notation.Structure:
		got.Value, got.Type = v.value, v.typ
	default:
		if v.typ != nil {
			got.Value, got.Type = v.value, v.typ
		} else if !got.HasData {
			got.Ret = v.value.N
		}
	}
}

// equals compares what came with a variable.
func (v *variable) equals(got *line.Result) bool {
	switch {
	case got.Errno != "":
		return v.holds == notation.Text && string(v.value.B) == got.Errno
	case v.holds == notation.Address:
		return spec.Equal(v.value, got.Addr)
	case v.holds == notation.Text:
		return got.HasData && bytes.Equal(got.Data, v.value.B)
	case v.holds == notation.Structure:
		return spec.Equal(v.value, got.Value)
	}
	n := got.Ret
	if got.Type != nil {
		n = got.Value.N
	}
	return v.value.N == n
}

func ip6Text(b []byte) string {
	if len(b) != 16 {
		return ""
	}
	return netip.AddrFrom16([16]byte(b)).String()
}
