package main

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The peers in C.
//
//go:embed peers/c
var sources embed.FS

// A workshop is a temporary folder with the shell and its peers in it.
type workshop struct {
	folder string
	shell  string
	built  map[string]string // peers by name
}

// open builds the shell.
func open() (*workshop, error) {
	folder, err := os.MkdirTemp("", "socksh-bench-")
	if err != nil {
		return nil, err
	}
	w := &workshop{folder: folder, built: map[string]string{}}
	if w.shell, err = w.goProgram("socksh"); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

func (w *workshop) close() { os.RemoveAll(w.folder) }

// goProgram builds a package of this module without cgo.
func (w *workshop) goProgram(pkg string) (string, error) {
	return w.once(pkg, func(to string) *exec.Cmd {
		cmd := exec.Command("go", "build", "-o", to, pkg)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		return cmd
	})
}

// cProgram compiles one of the peers in C, statically, so that the dynamic linker is not measured.
func (w *workshop) cProgram(name string) (string, error) {
	if _, err := exec.LookPath("gcc"); err != nil {
		return "", errors.New("gcc is not installed")
	}
	from, err := w.source("peers/c/" + name + ".c")
	if err != nil {
		return "", err
	}
	return w.once(name+".c", func(to string) *exec.Cmd { return exec.Command("gcc", "-O2", "-static", "-o", to, from) })
}

// python gives the command that runs a file of Python without what an installation adds.
func (w *workshop) python(args ...string) ([]string, error) {
	// An installation can put a shell script before the interpreter, which would be measured with it.
	out, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output()
	if err != nil {
		return nil, errors.New("python3 is not installed")
	}
	return append([]string{strings.TrimSpace(string(out)), "-S", "-I"}, args...), nil
}

func (w *workshop) once(name string, build func(to string) *exec.Cmd) (string, error) {
	if path := w.built[name]; path != "" {
		return path, nil
	}
	to := filepath.Join(w.folder, strings.NewReplacer("/", "-", ".", "-").Replace(name))
	if out, err := build(to).CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", name, err, out)
	}
	w.built[name] = to
	return to, nil
}

// source copies an embedded file to the folder.
func (w *workshop) source(path string) (string, error) {
	text, err := sources.ReadFile(path)
	if err != nil {
		return "", err
	}
	return w.file(filepath.Base(path), string(text))
}

// file writes a file to the folder.
func (w *workshop) file(name, text string) (string, error) {
	path := filepath.Join(w.folder, name)
	return path, os.WriteFile(path, []byte(text), 0o600)
}
