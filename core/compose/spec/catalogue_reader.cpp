#include "spec/catalogue_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "yaml/line_index.h"
#include "yaml/tree.h"

namespace dockhand::spec {
namespace {

template <class Meaning>
struct Word {
  std::string_view word;
  Meaning meaning;
};
using FormatWord = Word<Format>;

constexpr std::array<Word<Kind>, 5> kKinds = {{{"null", Kind::null},
                                               {"boolean", Kind::boolean},
                                               {"integer", Kind::integer},
                                               {"number", Kind::number},
                                               {"string", Kind::string}}};

constexpr std::array<FormatWord, 16> kFormats = {{{"boolean-text", Format::boolean_text},
                                                  {"integer-text", Format::integer_text},
                                                  {"number-text", Format::number_text},
                                                  {"duration", Format::duration},
                                                  {"size", Format::size},
                                                  {"permissions", Format::permissions},
                                                  {"port-spec", Format::port_spec},
                                                  {"port-range", Format::port_range},
                                                  {"expose-spec", Format::expose_spec},
                                                  {"volume-spec", Format::volume_spec},
                                                  {"device-spec", Format::device_spec},
                                                  {"name", Format::name},

                                                  {"container-name", Format::container_name},
                                                  {"ip-address", Format::ip_address},
                                                  {"not-blank", Format::not_blank},
                                                  {"pull-interval", Format::pull_interval}}};

// How a list type begins, the longer words first.
constexpr std::array<Word<Duplicates>, 3> kLists = {{{"unique list of ", Duplicates::refused},
                                                     {"set of ", Duplicates::dropped},
                                                     {"list of ", Duplicates::kept}}};

const FormatWord* format_of(std::string_view word) {
  const auto found = std::find_if(kFormats.begin(), kFormats.end(),
                                  [word](const FormatWord& row) { return row.word == word; });
  return found == kFormats.end() ? nullptr : &*found;
}

constexpr Kinds bit(Kind kind) { return static_cast<Kinds>(kind); }

// What stands between a type and its help in a key of one line.
constexpr std::string_view kDash = " -- ";

// Where the keys of a map are documented: a page and, after `#`, an anchor, in which `*` is the
// key's name.
std::string place_in_page(std::string_view pattern, std::string_view key) {
  std::string place(pattern);
  if (const std::size_t star = place.find('*'); star != std::string::npos) {
    place.replace(star, 1, key);
  }
  return place;
}

class Reader {
 public:
  Reader(std::string_view text, Catalogue& out)
      : tree_(yaml::Tree::parse(std::string(text))), lines_(tree_.text()), out_(out) {}

  void read() {
    for (const Finding& finding : tree_.findings()) problem(finding.range, finding.message);
    const yaml::Node root = tree_.root();
    known_words(root, {"documentation", "shapes", "root"});
    documentation_ = root.find("documentation").text();
    shapes_ = root.find("shapes");
    out_.root = named("root", root.find("root"));
    for (const yaml::Entry entry : shapes_.entries()) {
      const std::string name = entry.key.text();
      if (simple_term(name)) problem(entry.key.range(), name + " is the name of a type");
      if (!done_.count(name)) problem(entry.key.range(), "nothing refers to the shape " + name);
    }
  }

 private:
  void problem(Range range, std::string_view what) {
    out_.problems.push_back(
        fmt::format("catalogue.yaml:{}: {}", lines_.position(range.begin).line + 1, what));
  }

  void known_words(yaml::Node map, const std::set<std::string_view>& words) {
    for (const yaml::Entry entry : map.entries()) {
      if (!words.count(entry.key.text())) {
        problem(entry.key.range(), fmt::format("`{}` is no word of this place", entry.key.text()));
      }
    }
  }

  Shape& make() { return out_.shapes.emplace_back(); }

  // The shape under a name of its own; read when something first refers to it.
  const Shape* named(const std::string& name, yaml::Node node) {
    const auto [entry, is_new] = done_.emplace(name, nullptr);
    if (!is_new) {
      if (!entry->second) problem(node.range(), "the shape " + name + " holds itself");
      return entry->second;
    }
    const Shape* shape = read_shape(node, node.find("docs").text());
    done_[name] = shape;
    return shape;
  }

  // A shape is a type, or a mapping with `is` and more about it.
  const Shape* read_shape(yaml::Node node, const std::string& docs) {
    if (node.is_scalar()) return type(node.text(), node.range());
    known_words(node, {"is", "docs", "values", "others", "least", "most", "keys", "with", "names",
                       "extensions"});
    return described(node, docs);
  }

  const Shape* described(yaml::Node node, const std::string& docs) {
    const yaml::Node is = node.find("is");
    const Shape* base = is ? type(is.text(), is.range()) : nullptr;
    const bool plain = std::none_of(kFacets.begin(), kFacets.end(),
                                    [&](std::string_view word) { return bool(node.entry(word)); });
    if (base && plain) return base;
    Shape& shape = make();
    if (base) shape = *base;
    facets(shape, node, docs);
    if (shape.kinds == 0) problem(node.range(), "what may stand here is not said");
    return &shape;
  }

  void facets(Shape& shape, yaml::Node node, const std::string& docs) {
    for (const yaml::Entry entry : node.find("values").entries()) {
      shape.kinds |= bit(Kind::string);
      shape.choices.push_back({entry.key.text(), entry.value.text()});
    }
    if (const yaml::Node least = node.find("least")) shape.least = number(least);
    if (const yaml::Node most = node.find("most")) shape.most = number(most);
    if (const yaml::Node word = node.find("others")) others(shape, word);
    if (const yaml::Node names = node.find("names")) {
      const FormatWord* format = format_of(names.text());
      if (format) shape.names = format->meaning;
      if (!format) problem(names.range(), "no such format");
    }
    shape.extensions = shape.extensions || flag(node, "extensions");
    for (const yaml::Node other : node.find("with").items()) with(shape, other);
    for (const yaml::Entry entry : node.find("keys").entries()) {
      shape.kinds |= bit(Kind::map);
      shape.keys.push_back(key(entry.key.text(), entry.value, docs));
    }
    sort_keys(shape, node);
    shape.demanding = std::any_of(shape.keys.begin(), shape.keys.end(),
                                  [](const Key& key) { return key.required; });
  }

  void others(Shape& shape, yaml::Node word) {
    const std::string text = word.text();
    if (text == "refused") {
      shape.others = Others::refused;
    } else if (text == "fine") {
      shape.others = Others::fine;
    } else {
      problem(word.range(), "`refused` or `fine` is wanted");
    }
    if (shape.choices.empty() && !shape.least && !shape.most) {
      problem(word.range(), "there are no values to be other than");
    }
  }

  void with(Shape& shape, yaml::Node name) {
    const Shape* other = type(name.text(), name.range());
    if (!other) return;
    shape.kinds |= bit(Kind::map);
    shape.keys.insert(shape.keys.end(), other->keys.begin(), other->keys.end());
  }

  void sort_keys(Shape& shape, yaml::Node node) {
    const auto by_name = [](const Key& a, const Key& b) { return a.name < b.name; };
    std::sort(shape.keys.begin(), shape.keys.end(), by_name);
    const auto twice =
        std::adjacent_find(shape.keys.begin(), shape.keys.end(),
                           [](const Key& a, const Key& b) { return a.name == b.name; });
    if (twice != shape.keys.end())
      problem(node.range(), "the key " + twice->name + " is here twice");
  }

  bool flag(yaml::Node node, std::string_view word) {
    const yaml::Node value = node.find(word);
    if (!value) return false;
    if (value.text() != "true") problem(value.range(), "only `true` says something here");
    return true;
  }

  std::optional<double> number(yaml::Node node) {
    const std::optional<long long> value = parse_integer(node.text());
    if (!value) problem(node.range(), "a whole number is wanted");
    return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
  }

  Key key(std::string name, yaml::Node node, const std::string& docs) {
    Key key;
    std::string place = place_in_page(docs, name);
    key.name = std::move(name);
    if (node.is_scalar()) {
      one_line(key, node);
    } else {
      known_words(node,
                  {"is", "values", "others", "least", "most", "keys", "with", "names", "extensions",
                   "help", "docs", "default", "since", "deprecated", "required"});
      if (const yaml::Node own = node.find("docs")) place = place_in_page(own.text(), key.name);
      key.help = node.find("help").text();
      key.default_value = node.find("default").text();
      key.since = node.find("since").text();
      key.deprecated = node.find("deprecated").text();
      key.required = flag(node, "required");
      key.shape = described(node, place);
    }
    key.documentation = documentation_ + place;
    if (place.empty()) problem(node.range(), "the documentation of " + key.name + " is not named");
    if (!key.help.ends_with('.')) problem(node.range(), key.name + " needs a sentence of help");
    return key;
  }

  // `TYPE -- HELP` or `TYPE = DEFAULT -- HELP`.
  void one_line(Key& key, yaml::Node node) {
    const std::string line = node.text();
    const std::size_t dash = line.find(kDash);
    if (dash == std::string::npos)
      return problem(node.range(), "a type, ` -- ` and help are wanted");
    key.help = line.substr(dash + kDash.size());
    std::string_view wanted = std::string_view(line).substr(0, dash);
    if (const std::size_t equals = wanted.find(" = "); equals != wanted.npos) {
      key.default_value = wanted.substr(equals + 3);
      wanted = wanted.substr(0, equals);
    }
    key.shape = type(wanted, node.range());
  }

  // `string or list of port or …`.
  const Shape* type(std::string_view words, Range range) {
    if (const std::size_t bar = words.find(" or "); bar == words.npos) return term(words, range);
    Shape& shape = make();
    while (true) {
      const std::size_t end = words.find(" or ");
      if (const Shape* part = term(words.substr(0, end), range)) unite(shape, *part, range);
      if (end == words.npos) return &shape;
      words.remove_prefix(end + 4);
    }
  }

  const Shape* term(std::string_view word, Range range) {
    if (const auto known = terms_.find(word); known != terms_.end()) return known->second;
    const Shape* shape = read_term(word, range);
    terms_.emplace(word, shape);
    return shape;
  }

  const Shape* read_term(std::string_view word, Range range) {
    constexpr std::string_view kMap = "map of ";
    for (const Word<Duplicates>& row : kLists) {
      if (!word.starts_with(row.word)) continue;
      const Shape* items = term(word.substr(row.word.size()), range);
      Shape& list = make();
      list.kinds = bit(Kind::list);
      list.items = items;
      list.duplicates = row.meaning;
      return &list;
    }
    if (word.starts_with(kMap)) {
      const Shape* values = term(word.substr(kMap.size()), range);
      Shape& map = make();
      map.kinds = bit(Kind::map);
      map.values = values;
      return &map;
    }
    if (const Shape* simple = simple_term(word)) return simple;
    const yaml::Entry entry = shapes_.entry(word);
    if (entry) return named(std::string(word), entry.value);
    problem(range, fmt::format("there is no shape `{}`", word));
    return &make();
  }

  const Shape* simple_term(std::string_view word) {
    for (const Word<Kind>& row : kKinds) {
      if (row.word != word) continue;
      Shape& shape = make();
      shape.kinds = bit(row.meaning);
      return &shape;
    }
    if (const FormatWord* format = format_of(word)) {
      Shape& shape = make();
      shape.kinds = bit(Kind::string);
      shape.format = format->meaning;
      return &shape;
    }
    if (word != "any") return nullptr;
    Shape& shape = make();
    shape.kinds = 127;
    return &shape;
  }

  // Both of two shapes; for each kind of value only one of them may say more than that it is one.
  void unite(Shape& into, const Shape& other, Range range) {
    if ((into.kinds & other.kinds) != 0) problem(range, "two shapes for one kind of value");
    into.kinds |= other.kinds;
    if (other.format != Format::none) into.format = other.format;
    into.choices.insert(into.choices.end(), other.choices.begin(), other.choices.end());
    if (!other.choices.empty()) into.others = other.others;
    if (other.least) into.least = other.least;
    if (other.most) into.most = other.most;
    if (has(other.kinds, Kind::map)) {
      into.keys = other.keys;
      into.names = other.names;
      into.values = other.values;
      into.extensions = other.extensions;
      into.demanding = other.demanding;
    }
    if (has(other.kinds, Kind::list)) {
      into.items = other.items;
      into.duplicates = other.duplicates;
    }
  }

  static constexpr std::array<std::string_view, 8> kFacets = {
      "values", "others", "least", "most", "keys", "with", "names", "extensions"};

  yaml::Tree tree_;
  yaml::LineIndex lines_;
  Catalogue& out_;
  std::string documentation_;
  yaml::Node shapes_;
  std::map<std::string, const Shape*> done_;                // Named shapes; null while being read.
  std::map<std::string, const Shape*, std::less<>> terms_;  // Types without `or`.
};

}  // namespace

Catalogue read_catalogue(std::string_view text) {
  Catalogue catalogue;
  Reader(text, catalogue).read();
  if (!catalogue.root) catalogue.root = &catalogue.shapes.emplace_back();
  return catalogue;
}

}  // namespace dockhand::spec
