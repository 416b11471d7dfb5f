// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/avanti-queue/avanti/internal/app"
	"github.com/avanti-queue/avanti/internal/config"
	"github.com/avanti-queue/avanti/internal/figures"
	"github.com/avanti-queue/avanti/internal/report"
	"github.com/avanti-queue/avanti/internal/store"
	"github.com/avanti-queue/avanti/queue"
	"github.com/avanti-queue/avanti/queue/stats"
)

// pastOf is a journal that is only read, also while the hall goes on.
type pastOf struct{ *store.Store }

// Days implements [report.Source].
func (p pastOf) Days(ctx context.Context, from, to queue.Date) iter.Seq2[*stats.Day, error] {
	return figures.Days(ctx, p.Store, from, to)
}

// reportCommand writes the report of a month, the same that managers print.
func reportCommand(ctx context.Context, args []string, c console) int {
	flags := flag.NewFlagSet("avantictl report", flag.ContinueOnError)
	flags.SetOutput(c.err)
	path := flags.String("config", "", "the office's configuration `file`")
	month := flags.String("month", "", "the `month`, such as 2026-10; default: the last one")
	lang := flags.String("lang", "", "`language`: it, ro, es or en; default: the office's own")
	to := flags.String("o", "", "`file` to write: .html to print, .csv for spreadsheets")
	if err := flags.Parse(args); err != nil {
		return exitUsage
	}
	kind := filepath.Ext(*to)
	if *path == "" || flags.NArg() > 0 || kind != ".html" && kind != ".csv" {
		fmt.Fprintln(c.err, "avantictl report: want -config FILE -o FILE.html or FILE.csv [-month 2026-10] [-lang it]")
		return exitUsage
	}
	file, err := config.Load(*path, app.CheckConfig)
	if err != nil {
		fmt.Fprintln(c.err, err)
		return exitUsage
	}
	period := report.MonthBefore(queue.DateOf(time.Now()))
	if *month != "" {
		if period, err = report.Month(*month); err != nil {
			fmt.Fprintln(c.err, "avantictl report:", err)
			return exitUsage
		}
	}
	words, err := wordsOf(file, *lang)
	if err != nil {
		fmt.Fprintln(c.err, "avantictl report:", err)
		return exitUsage
	}
	if err := writeReport(ctx, file, words, period, *to); err != nil {
		fmt.Fprintf(c.err, "avantictl report: %v\n", err)
		return exitFailed
	}
	fmt.Fprintln(c.out, "report:", *to)
	return 0
}

func wordsOf(file *config.File, lang string) (*report.Words, error) {
	all, err := report.Load()
	if err != nil {
		return nil, err
	}
	if lang != "" {
		if all[lang] == nil {
			return nil, fmt.Errorf("no texts in %q: want it, ro, es or en", lang)
		}
		return all[lang], nil
	}
	for _, own := range file.Settings().Languages {
		if all[own] != nil {
			return all[own], nil
		}
	}
	return all["en"], nil
}

func writeReport(ctx context.Context, file *config.File, words *report.Words, period report.Period, to string) (err error) {
	s, err := open(ctx, job{file: file})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	settings := file.Settings()
	r, err := report.Make(ctx, pastOf{s}, report.Office{Settings: &settings, Promises: file.Charter.Promises, Fine: filepath.Ext(to) == ".csv"}, period)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if filepath.Ext(to) == ".csv" {
		err = words.CSV(&b, r, nil)
	} else {
		err = words.Write(&b, r, nil, time.Now())
	}
	if err != nil {
		return err
	}
	return os.WriteFile(to, b.Bytes(), 0o600)
}
