// Package view is what people look at: the trace, line by line, in one of its notations, and the tables that the
// shell draws. It knows text and colours; it must not know how calls are made, or change anything.
package view
