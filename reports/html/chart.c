/* Collects a chart's figures as JSON. */
#include "reports/html/chart.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text/allocate.h"

void chart_init(struct chart *chart, const char *id, enum chart_kind kind, const char *title,
                const char *caption) {
  static const char *const kinds[] = {"dots", "lines", "stack"};
  *chart = (struct chart){.id = id, .title = title, .caption = caption};
  chart->root = allocated(
      json_pack("{s:s, s:{}, s:[], s:i, s:[]}", "kind", kinds[kind], "axes", "marks", "first", 0, "views"));
}

void chart_axis(struct chart *chart, const char *name, const char *title, const char *unit, bool is_log) {
  json_object_set_new(
      json_object_get(chart->root, "axes"), name,
      allocated(json_pack("{s:o, s:s, s:b}", "title", page_json_text(title), "unit", unit, "log", is_log)));
}

void chart_mark(struct chart *chart, double value, const char *label) {
  json_array_append_new(json_object_get(chart->root, "marks"),
                        allocated(json_pack("{s:f, s:o}", "at", value, "label", page_json_text(label))));
}

void chart_view(struct chart *chart, const char *name, bool is_first) {
  json_t *views = json_object_get(chart->root, "views");
  if (is_first)
    json_object_set_new(chart->root, "first", json_integer((json_int_t)json_array_size(views)));
  chart->view = allocated(json_pack("{s:o, s:[], s:[]}", "name", page_json_text(name), "rows", "series"));
  json_array_append_new(views, chart->view);
}

void chart_views(struct chart *chart, struct page_algs *algs, const char *first) {
  bool found = false;
  for (size_t i = 0; i < algs->count; i++) {
    OWNED_TEXT char *name = result_alg_text(algs->items[i].alg, algs->items[i].key_bits);
    bool is_first = !found && strcmp(algs->items[i].alg, first) == 0;
    chart_view(chart, name, is_first);
    found |= is_first;
  }
  free(algs->items);
  *algs = (struct page_algs){0};
}

void chart_go_on(struct chart *chart, const char *alg, unsigned key_bits) {
  OWNED_TEXT char *text = result_alg_text(alg, key_bits);
  json_t *name = page_json_text(text), *view;
  size_t i;
  json_array_foreach(json_object_get(chart->root, "views"), i, view) {
    if (json_equal(json_object_get(view, "name"), name))
      chart->view = view;
  }
  json_decref(name);
}

/* The place of a text in a list of texts, appended if it is not there. */
static size_t place_of(json_t *list, const char *text) {
  json_t *wanted = page_json_text(text);
  size_t at = 0;
  while (at < json_array_size(list) && !json_equal(json_array_get(list, at), wanted))
    at++;
  if (at == json_array_size(list))
    json_array_append(list, wanted);
  json_decref(wanted);
  return at;
}

static json_t *points_of(struct chart *chart, const char *series) {
  json_t *list = json_object_get(chart->view, "series"), *name = page_json_text(series), *one;
  size_t i;
  json_array_foreach(list, i, one) {
    if (json_equal(json_object_get(one, "name"), name)) {
      json_decref(name);
      return json_object_get(one, "points");
    }
  }
  one = allocated(json_pack("{s:o, s:[]}", "name", name, "points"));
  json_array_append_new(list, one);
  return json_object_get(one, "points");
}

void chart_dot(struct chart *chart, const char *series, const char *row, double value, double low,
               double high) {
  size_t at = place_of(json_object_get(chart->view, "rows"), row);
  json_t *point = allocated(json_array()), *points = points_of(chart, series);
  json_array_append_new(point, json_integer((json_int_t)at));
  json_array_append_new(point, page_json_figure(value));
  if (low == low && high == high) {
    json_array_append_new(point, page_json_figure(low));
    json_array_append_new(point, page_json_figure(high));
  }
  json_array_append_new(points, point);
  chart->dot = point;
  chart->points++;
}

void chart_launch(struct chart *chart, double value) {
  while (json_array_size(chart->dot) < 4) /* no interval */
    json_array_append_new(chart->dot, json_null());
  if (json_array_size(chart->dot) == 4)
    json_array_append_new(chart->dot, allocated(json_array()));
  json_array_append_new(json_array_get(chart->dot, 4), page_json_figure(value));
}

void chart_row(struct chart *chart, const struct result_speed *row, double value, double low, double high) {
  OWNED_TEXT char *label = result_alg_text(row->alg, row->key_bits);
  chart_dot(chart, row->subject, label, value, low, high);
}

void chart_xy(struct chart *chart, const char *series, double x, double y) {
  json_t *points = points_of(chart, series);
  json_array_append_new(points, allocated(json_pack("[o, o]", page_json_figure(x), page_json_figure(y))));
  chart->points++;
}

void chart_put(struct page *page, struct chart *chart) {
  if (chart->points) {
    fprintf(page->stream,
            "<figure class=chart id=chart-%s><figcaption><h3>%s</h3><p>%s</p></figcaption>\n"
            "<div class=controls></div><div class=plot><canvas role=img aria-label=\"%s. %s The same figures "
            "stand in the tables below.\"></canvas></div></figure>\n",
            chart->id, chart->title, chart->caption, chart->title, chart->caption);
    OWNED_TEXT char *attributes = allocate_format("data-chart=%s", chart->id);
    page_json(page, attributes, chart->root);
    page->has_chart = true;
  }
  json_decref(chart->root);
  *chart = (struct chart){0};
}
