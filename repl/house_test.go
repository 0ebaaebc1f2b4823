package repl

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The house: what may stand where, and who may know what. The rules are in words above each test.

// A source is one Go file of the project; path has slashes and begins at the top of the tree.
type source struct {
	path string
	text []byte
	file *ast.File
}

func (s *source) dir() string { return filepath.ToSlash(filepath.Dir(s.path)) }

func (s *source) test() bool { return strings.HasSuffix(s.path, "_test.go") }

// stub says whether the file stands in for another on systems where the shell makes no calls.
func (s *source) stub() bool { return strings.HasSuffix(s.path, "_other.go") }

const top = ".."

// sources parses every Go file, those for other systems too.
func sources(t *testing.T) (all []*source, set *token.FileSet) {
	t.Helper()
	set = token.NewFileSet()
	for _, path := range files(t) {
		if !strings.HasSuffix(path, ".go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(top, path))
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(set, path, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, &source{path, text, f})
	}
	if len(all) < 50 {
		t.Fatalf("only %d Go files found", len(all))
	}
	return all, set
}

// files lists the project's files, without what git ignores or keeps.
func files(t *testing.T) (all []string) {
	t.Helper()
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(top, path)
		if err != nil {
			return err
		}
		switch {
		case d.IsDir() && d.Name() == ".git":
			return filepath.SkipDir
		case d.Type().IsRegular():
			all = append(all, filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func imports(s *source) (all []string) {
	for _, i := range s.file.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		all = append(all, path)
	}
	return all
}

// TestTop: the top level holds what the project allows, and dot-files.
func TestTop(t *testing.T) {
	allowed := []string{"main.go", "repl", "commands", "scripts", "go.mod", "go.sum", "README.md"}
	entries, err := os.ReadDir(top)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s stands at the top level, which holds only %s", e.Name(), strings.Join(allowed, " "))
		}
	}
}

// program says whether a file is the shell's own; what lies below scripts are programs beside it.
func (s *source) program() bool {
	return strings.HasPrefix(s.path, "commands/") || strings.HasPrefix(s.path, "repl/")
}

// TestImports: nothing below commands imports repl; only kernel, engine, wire, names and term know the operating
// system; only kernel has unsafe. In tests, only the first.
func TestImports(t *testing.T) {
	system := []string{"commands/kernel", "commands/engine", "commands/wire", "commands/names", "repl/term"}
	all, _ := sources(t)
	for _, s := range all {
		for _, path := range imports(s) {
			switch {
			case strings.HasPrefix(s.path, "commands/") && (path == "socksh/repl" || strings.HasPrefix(path, "socksh/repl/")):
				t.Errorf("%s imports %s: the table of calls must not know the shell", s.path, path)
			case s.test(), !s.program():
			case path == "syscall" || strings.HasPrefix(path, "golang.org/x/sys/"):
				if !slices.Contains(system, s.dir()) {
					t.Errorf("%s imports %s: only %s know the operating system", s.path, path, strings.Join(system, ", "))
				}
			case path == "unsafe" && s.dir() != "commands/kernel":
				t.Errorf("%s imports unsafe: only commands/kernel may", s.path)
			}
		}
	}
}

// TestProcess: only main.go touches os.Stdin, os.Stdout, os.Stderr and os.Exit; others are handed them.
func TestProcess(t *testing.T) {
	all, set := sources(t)
	for _, s := range all {
		if s.test() || !s.program() {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "os" && slices.Contains([]string{"Stdin", "Stdout", "Stderr", "Exit"}, sel.Sel.Name) {
				t.Errorf("%s uses os.%s, which is main.go's", set.Position(n.Pos()), sel.Sel.Name)
			}
			return true
		})
	}
}

// TestState: no init, and no package-level variable is ever assigned, or has its address or a part of it taken for
// writing, in its own package. (The table and the names are variables only because Go has no constant structures.)
func TestState(t *testing.T) {
	all, set := sources(t)
	vars := map[string]map[string]bool{} // by folder
	for _, s := range all {
		if s.test() {
			continue
		}
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					t.Errorf("%s: func init hides when things happen", set.Position(d.Pos()))
				}
			case *ast.GenDecl:
				for _, sp := range d.Specs {
					v, ok := sp.(*ast.ValueSpec)
					if !ok || d.Tok != token.VAR {
						continue
					}
					if vars[s.dir()] == nil {
						vars[s.dir()] = map[string]bool{}
					}
					for _, name := range v.Names {
						vars[s.dir()][name.Name] = true
					}
					embedded := d.Doc != nil && strings.Contains(d.Doc.List[len(d.Doc.List)-1].Text, "//go:embed ")
					if v.Values == nil && !embedded && v.Names[0].Name != "_" {
						t.Errorf("%s: %s has no value: it can only be meant to change", set.Position(v.Pos()), v.Names[0].Name)
					}
				}
			}
		}
	}
	for _, s := range all {
		if s.test() {
			continue
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				state := function{vars: vars[s.dir()], local: map[string]bool{}}
				state.params(f.Recv, f.Type.Params, f.Type.Results)
				ast.Inspect(f, state.declare)
				ast.Inspect(f, func(n ast.Node) bool {
					if name := state.assigned(n); name != "" {
						t.Errorf("%s changes %s, which belongs to the package", set.Position(n.Pos()), name)
					}
					return true
				})
			}
		}
	}
}

// A function tells the package's variables from those of its own that hide them.
type function struct{ vars, local map[string]bool }

func (f *function) params(lists ...*ast.FieldList) {
	for _, l := range lists {
		if l == nil {
			continue
		}
		for _, field := range l.List {
			for _, name := range field.Names {
				f.local[name.Name] = true
			}
		}
	}
}

func (f *function) declare(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncLit:
		f.params(n.Type.Params, n.Type.Results)
	case *ast.AssignStmt:
		if n.Tok == token.DEFINE {
			for _, x := range n.Lhs {
				f.local[x.(*ast.Ident).Name] = true
			}
		}
	case *ast.RangeStmt:
		for _, x := range []ast.Expr{n.Key, n.Value} {
			if id, ok := x.(*ast.Ident); ok && n.Tok == token.DEFINE {
				f.local[id.Name] = true
			}
		}
	case *ast.ValueSpec:
		for _, name := range n.Names {
			f.local[name.Name] = true
		}
	}
	return true
}

// assigned names the package's variable that a statement changes, or a part of it.
func (f *function) assigned(n ast.Node) string {
	var to []ast.Expr
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			to = n.Lhs
		}
	case *ast.IncDecStmt:
		to = []ast.Expr{n.X}
	}
	for _, x := range to {
		for {
			switch e := x.(type) {
			case *ast.SelectorExpr:
				x = e.X
				continue
			case *ast.IndexExpr:
				x = e.X
				continue
			case *ast.ParenExpr:
				x = e.X
				continue
			case *ast.Ident:
				if f.vars[e.Name] && !f.local[e.Name] && e.Name != "_" {
					return e.Name
				}
			}
			break
		}
	}
	return ""
}

// TestNames: words that say nothing name no package, file or type.
func TestNames(t *testing.T) {
	nothing := regexp.MustCompile(`(?i)manager|handler|helper|util|common`)
	all, set := sources(t)
	for _, s := range all {
		if nothing.MatchString(s.path) || nothing.MatchString(s.file.Name.Name) {
			t.Errorf("%s: the name says nothing about what is in it", s.path)
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if ts, ok := n.(*ast.TypeSpec); ok && nothing.MatchString(ts.Name.Name) {
				t.Errorf("%s: type %s: the name says nothing", set.Position(n.Pos()), ts.Name.Name)
			}
			return true
		})
	}
}

// TestSize: no file of more than 500 lines.
func TestSize(t *testing.T) {
	const most = 500
	all, _ := sources(t)
	for _, s := range all {
		if n := bytes.Count(s.text, []byte("\n")); n > most {
			t.Errorf("%s has %d lines: split it by subject, %d are the most", s.path, n, most)
		}
	}
}

// TestDocumented: each package says what it knows.
func TestDocumented(t *testing.T) {
	said := map[string]bool{}
	all, _ := sources(t)
	for _, s := range all {
		said[s.dir()] = said[s.dir()] || s.file.Doc != nil
	}
	for dir, ok := range said {
		if !ok {
			t.Errorf("no file of %s has a package comment", dir)
		}
	}
}

// TestSystems: a file for Linux alone ends in _linux.go; each package that has one has a stub for the rest, and stubs
// say so.
func TestSystems(t *testing.T) {
	all, _ := sources(t)
	linux, other := map[string]bool{}, map[string]bool{}
	for _, s := range all {
		if s.test() || !s.program() {
			continue
		}
		constraint := regexp.MustCompile(`(?m)^//go:build (.*)$`).FindSubmatch(s.text)
		switch {
		case strings.HasSuffix(s.path, "_linux.go"):
			linux[s.dir()] = true
		case s.stub():
			other[s.dir()] = true
			if constraint == nil || string(constraint[1]) != "!linux" {
				t.Errorf("%s must begin with //go:build !linux", s.path)
			}
		case constraint != nil && string(constraint[1]) != "unix":
			t.Errorf("%s: a file for some systems only is named for them", s.path)
		}
	}
	for dir := range linux {
		if !other[dir] {
			t.Errorf("%s has files for Linux and none for other systems", dir)
		}
	}
}

// TestNoMachine: no file names a place of one machine, and none holds what is to be done later.
func TestNoMachine(t *testing.T) {
	never := regexp.MustCompile(`/(work|home|root|Users)/[A-Za-z]|\b(TODO|FIX` + `ME|X` + `XX)\b`)
	for _, path := range files(t) {
		text, err := os.ReadFile(filepath.Join(top, path))
		if err != nil {
			t.Fatal(err)
		}
		if path == "repl/house_test.go" || bytes.IndexByte(text[:min(len(text), 8000)], 0) >= 0 && !strings.HasSuffix(path, ".go") {
			continue
		}
		for i, line := range bytes.Split(text, []byte("\n")) {
			if found := never.Find(line); found != nil {
				t.Errorf("%s:%d holds %q", path, i+1, found)
			}
		}
	}
}
