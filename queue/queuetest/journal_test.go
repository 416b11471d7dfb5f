// SPDX-License-Identifier: EUPL-1.2

package queuetest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"testing"
	"time"

	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/queuetest"
)

func TestMemory(t *testing.T) {
	queuetest.TestJournal(t, func(*testing.T) queue.Journal { return new(queuetest.Memory) })
}

// TestSamples makes sure that a new event, or a new field of an old one, has to
// appear in the samples and so in every test of the journal's format.
func TestSamples(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../event.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]bool{}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "event" {
			missing[f.Recv.List[0].Type.(*ast.Ident).Name] = true
		}
	}
	if len(missing) == 0 {
		t.Fatal("no events found in event.go")
	}
	for _, e := range queuetest.Samples() {
		v := reflect.ValueOf(e)
		delete(missing, v.Type().Name())
		full(t, v.Type().Name(), v)
	}
	for name := range missing {
		t.Errorf("no sample of %s", name)
	}
}

// full reports fields that are left out.
func full(t *testing.T, path string, v reflect.Value) {
	if v.IsZero() {
		t.Errorf("%s is not set in the sample", path)
		return
	}
	if v.Type() == reflect.TypeFor[time.Time]() {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			full(t, path+"."+v.Type().Field(i).Name, v.Field(i))
		}
	case reflect.Slice, reflect.Array:
		full(t, path+"[0]", v.Index(0))
	case reflect.Pointer:
		full(t, path, v.Elem())
	}
}
