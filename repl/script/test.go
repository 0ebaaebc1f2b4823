package script

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// A Tester runs scripts as tests: each in a process of its own, several at a time.
type Tester struct {
	Program string        // the shell itself
	Limit   time.Duration // for each file
	Out     io.Writer
	TempDir func() (dir string, remove func(), err error) // a fresh folder for each file to run in
}

// Files finds the scripts that the arguments name: files, and the .sock files below folders.
func Files(args []string) ([]string, error) {
	var all []string
	for _, arg := range args {
		n := len(all)
		err := filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && (path == arg || filepath.Ext(path) == ".sock") {
				all = append(all, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		if len(all) == n {
			return nil, fmt.Errorf("%s holds no .sock file", arg)
		}
	}
	if all == nil {
		return nil, errors.New("test takes files or folders")
	}
	return all, nil
}

// Run runs the files and says how many passed and failed, the failures in the order of the files.
func (t *Tester) Run(ctx context.Context, files []string) (passed, failed int) {
	results := make([]string, len(files))
	places := make(chan struct{}, max(2, runtime.NumCPU()))
	var all sync.WaitGroup
	for i, path := range files {
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			results[i] = t.one(ctx, path)
		})
	}
	all.Wait()
	for i, wrong := range results {
		if wrong == "" {
			passed++
			continue
		}
		failed++
		fmt.Fprintf(t.Out, "FAIL %s\n%s", files[i], wrong)
	}
	fmt.Fprintf(t.Out, "%d passed, %d failed\n", passed, failed)
	return passed, failed
}

// one runs a file; what it gives is empty if it passed.
func (t *Tester) one(ctx context.Context, path string) string {
	full, err := filepath.Abs(path)
	if err != nil {
		return err.Error() + "\n"
	}
	dir, remove, err := t.TempDir()
	if err != nil {
		return err.Error() + "\n"
	}
	defer remove()
	cmd := exec.CommandContext(ctx, t.Program, "-q", "--timeout="+t.Limit.String(), full)
	cmd.Dir = dir
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &text
	if err := cmd.Run(); err == nil {
		return ""
	} else if text.Len() == 0 {
		fmt.Fprintln(&text, err)
	}
	return "  " + strings.ReplaceAll(strings.TrimRight(text.String(), "\n"), "\n", "\n  ") + "\n"
}
