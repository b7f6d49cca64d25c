#include "mj/dataset/catalogue.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include "layout_toml.hpp"
#include "mj/dataset/records.hpp"
#include "mj/hj212/message.hpp"
#include "number_text.hpp"

namespace mj::dataset {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::string_view kDelimiters = ",;\t";
constexpr std::size_t kMaxHeaderColumns = 2000;

/// `*` stands for any characters.
bool fits(std::string_view pattern, std::string_view text) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  const std::string_view rest = pattern.substr(star + 1);
  for (std::size_t skip = star; skip <= text.size(); ++skip) {
    if (fits(rest, text.substr(skip))) return true;
  }
  return false;
}

/// The file's name as it was before it was compressed.
std::string_view plain_name(std::string_view file) {
  const std::size_t slash = file.find_last_of('/');
  if (slash != std::string_view::npos) file.remove_prefix(slash + 1);
  for (const std::string_view ending : {".zst", ".gz"}) {
    if (file.ends_with(ending)) file.remove_suffix(ending.size());
  }
  return file;
}

struct Header {
  std::vector<std::string> columns;
  std::size_t line = 0;
  char delimiter = ',';
};

/// The first line that is no comment and not empty.
Header read_header(std::string_view beginning) {
  Header header;
  std::size_t skipped = beginning.starts_with(kMark) ? kMark.size() : 0;
  std::size_t line = 1;
  while (skipped < beginning.size()) {
    const std::size_t end = beginning.find('\n', skipped);
    const std::string_view text = trimmed(beginning.substr(skipped, end - skipped));
    if (!text.empty() && text.front() != '#') break;
    if (end == std::string_view::npos) return header;
    skipped = end + 1;
    ++line;
  }
  const std::string_view rest = beginning.substr(std::min(skipped, beginning.size()));
  const std::string_view first = rest.substr(0, rest.find('\n'));
  const auto frequency = [&first](char c) { return std::count(first.begin(), first.end(), c); };
  for (const char c : kDelimiters) {
    if (frequency(c) > frequency(header.delimiter)) header.delimiter = c;
  }
  Records records(rest, header.delimiter, line);
  if (!records.next()) return header;
  for (const std::string_view cell : records.cells()) header.columns.push_back(hj212::to_utf8(trimmed(cell)).text);
  header.line = records.next_line() - 1;
  return header;
}

std::set<std::string, std::less<>> used_columns(const Layout& layout) {
  std::set<std::string, std::less<>> used(layout.station.columns.begin(), layout.station.columns.end());
  used.insert(layout.time.columns.begin(), layout.time.columns.end());
  if (!layout.status.column.empty()) used.insert(layout.status.column);
  if (!layout.factor_column.empty()) used.insert(layout.factor_column);
  for (const Column& column : layout.values) used.insert(column.column);
  for (const auto& [column, because] : layout.ignored) used.insert(column);
  std::vector<std::string_view> patterns = {layout.record.id, layout.record.reporters, layout.record.same_name,
                                            layout.record.region, layout.record.region_within};
  for (const auto& [attribute, pattern] : layout.record.attributes) patterns.push_back(pattern);
  for (std::string_view pattern : patterns) {
    for (std::size_t open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{', open)) {
      const std::size_t close = pattern.find('}', open);
      if (close == std::string_view::npos) break;
      const std::string_view column = pattern.substr(open + 1, close - open - 1);
      if (column != "#") used.emplace(column);
      open = close;
    }
  }
  return used;
}

/// How far a header is from what a layout wants; empty lists mean that it fits.
struct Distance {
  std::vector<std::string> unknown;
  std::vector<std::string> absent;
  std::size_t known = 0;
  [[nodiscard]] bool fits() const { return unknown.empty() && absent.empty(); }
};

Distance distance(const Layout& layout, const std::vector<std::string>& columns) {
  Distance result;
  const auto used = used_columns(layout);
  for (const std::string& column : columns) {
    if (used.contains(column)) {
      ++result.known;
    } else {
      result.unknown.push_back(column);
    }
  }
  for (const std::string& column : used) {
    const auto& optional = layout.match.optional;
    if (std::find(columns.begin(), columns.end(), column) == columns.end() &&
        std::find(optional.begin(), optional.end(), column) == optional.end())
      result.absent.push_back(column);
  }
  return result;
}

bool unfit_begins(const Layout& layout, std::string_view plain, std::string_view beginning) {
  const Match& match = layout.match;
  if (match.file.empty() && match.begins.empty()) return false;
  return (match.file.empty() || fits(match.file, plain)) && beginning.starts_with(match.begins);
}

bool unfit_fits(const Layout& layout, const Header& header) {
  const Match& match = layout.match;
  if (match.columns.empty()) return !match.file.empty() || !match.begins.empty();
  return std::all_of(match.columns.begin(), match.columns.end(), [&header](const std::string& column) {
    return std::find(header.columns.begin(), header.columns.end(), column) != header.columns.end();
  });
}

void say(Layout& layout, const Statement& statement) {
  for (Column& column : layout.values) {
    if (!column.factor.empty()) continue;
    column.factor = statement.factor;
    if (column.unit.empty()) column.unit = column.stored_unit = statement.unit;
  }
  if (layout.station.columns.empty() && layout.station.constant.empty())
    layout.station.constant = statement.station;
}

Recognition bound(const Layout& layout, const Header& header, const Statement& statement) {
  Recognition result;
  result.columns = header.columns;
  if (layout.kind == Kind::unfit) {
    result.reason = layout.reason;
    result.layout = layout;
    return result;
  }
  Layout made = layout;
  say(made, statement);
  if (layout.kind != Kind::geometry) {
    made.columns = header.columns;
    made.header_line = header.line;
    made.delimiter = header.delimiter;
    // Optional columns that the file lacks are no part of it.
    std::erase_if(made.values, [&header](const Column& column) {
      return std::find(header.columns.begin(), header.columns.end(), column.column) == header.columns.end();
    });
  }
  result.unsaid = made.unsaid();
  result.layout = std::move(made);
  return result;
}

}  // namespace

Result<Catalogue> Catalogue::parse(std::string_view toml, const std::string& file) {
  Catalogue catalogue;
  MJ_TRY(catalogue.layouts_, parse_layouts(toml, file));
  return catalogue;
}

Result<Catalogue> Catalogue::load(const std::filesystem::path& directory) {
  std::error_code failed;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failed)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  if (failed) return Error(ErrorCode::not_found, fmt::format("{}: {}", directory.string(), failed.message()));
  std::sort(files.begin(), files.end());
  Catalogue catalogue;
  for (const std::filesystem::path& file : files) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    MJ_TRY(const std::vector<Layout> layouts, parse_layouts(text.str(), file.string()));
    for (const Layout& layout : layouts) {
      if (catalogue.find(layout.id) != nullptr) {
        return Error(ErrorCode::invalid_input,
                     fmt::format("{}: layout {} is there twice", file.string(), layout.id));
      }
      catalogue.layouts_.push_back(layout);
    }
  }
  std::sort(catalogue.layouts_.begin(), catalogue.layouts_.end(),
            [](const Layout& a, const Layout& b) { return a.id < b.id; });
  return catalogue;
}

const Layout* Catalogue::find(std::string_view id) const {
  const auto found =
      std::find_if(layouts_.begin(), layouts_.end(), [id](const Layout& layout) { return layout.id == id; });
  return found == layouts_.end() ? nullptr : &*found;
}

Recognition Catalogue::recognise(std::string_view file_name, std::string_view beginning,
                                 const Statement& statement) const {
  const std::string_view plain = plain_name(file_name);
  Recognition none;
  if (beginning.find('\0') != std::string_view::npos) {
    none.reason = "it is no text, and no other kind of file that is known";
    for (const Layout& layout : layouts_) {
      if (layout.kind == Kind::unfit && layout.match.columns.empty() && unfit_begins(layout, plain, beginning))
        return bound(layout, {}, statement);
    }
    return none;
  }
  const Header header = beginning.starts_with('{') ? Header() : read_header(beginning);
  none.columns = header.columns;
  if (header.columns.size() > kMaxHeaderColumns) {
    none.reason = "its first line has too many columns to be a header";
    return none;
  }
  const Layout* nearest = nullptr;
  Distance least;
  for (const bool unfit : {false, true}) {
    for (const Layout& layout : layouts_) {
      if ((layout.kind == Kind::unfit) != unfit) continue;
      if (!statement.layout.empty() && layout.id != statement.layout) continue;
      if (statement.layout.empty() && !layout.match.file.empty() && !fits(layout.match.file, plain)) continue;
      if (!layout.match.begins.empty() && !beginning.starts_with(layout.match.begins)) continue;
      if (unfit) {
        if (unfit_fits(layout, header)) return bound(layout, header, statement);
        continue;
      }
      if (layout.kind == Kind::geometry) {
        if (beginning.starts_with('{')) return bound(layout, header, statement);
        continue;
      }
      const Distance found = distance(layout, header.columns);
      if (found.fits()) return bound(layout, header, statement);
      if (nearest == nullptr || found.known > least.known) {
        nearest = &layout;
        least = found;
      }
    }
  }
  if (!statement.layout.empty() && find(statement.layout) == nullptr) {
    none.reason = fmt::format("there is no layout {}", statement.layout);
  } else if (nearest != nullptr && least.known * 2 >= header.columns.size() && least.known > 1) {
    none.reason =
        fmt::format("it is like {} but for its columns: {}{}{}", nearest->id,
                    least.unknown.empty() ? "" : "unknown " + fmt::format("{}", fmt::join(least.unknown, ", ")),
                    least.unknown.empty() || least.absent.empty() ? "" : "; ",
                    least.absent.empty() ? "" : "absent " + fmt::format("{}", fmt::join(least.absent, ", ")));
  } else if (beginning.starts_with('{') || beginning.starts_with('[')) {
    none.reason = "it is JSON of a kind that is not known; tables as CSV and outlines as GeoJSON are read";
  } else {
    none.reason = "no layout has these columns (mingjian import --layouts lists those that are known)";
  }
  return none;
}

}  // namespace mj::dataset
