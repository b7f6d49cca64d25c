#include "mj/dataset/reader.hpp"

#include <deque>

#include "mj/dataset/records.hpp"
#include "mj/hj212/message.hpp"
#include "mj/kernel/text.hpp"
#include "number_text.hpp"
#include "time_format.hpp"

namespace mj::dataset {
namespace {

constexpr std::size_t kMaxStation = 128;
constexpr std::int64_t kMinuteMs = 60'000;

/// The cell in UTF-8: departments still send GBK.
std::string_view readable(std::string_view cell, std::string& buffer) {
  if (is_utf8(cell)) return cell;
  buffer = hj212::to_utf8(cell).text;
  return buffer;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

/// A cell as it can be shown in a message.
std::string shown(std::string_view cell) {
  constexpr std::size_t kMost = 40;
  std::string text = hj212::to_utf8(cell.substr(0, kMost)).text;
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return text;
}

}  // namespace

struct Reader::Impl {
  /// Columns of values of one station: all of them, or those of a station of their own.
  struct Group {
    std::string station;  ///< empty: told by the row
    std::vector<std::size_t> columns;
  };

  Layout layout;
  std::vector<TimeFormat> formats;
  std::vector<std::size_t> station_at;
  std::vector<std::size_t> time_at;
  std::vector<std::size_t> value_at;
  std::optional<std::size_t> status_at;
  std::optional<std::size_t> factor_at;
  std::vector<Group> groups;

  // Reused from row to row.
  std::vector<Value> values;
  std::vector<std::string> texts, recoded;
  std::string station, station_buffer, time, time_buffer, status_buffer, factor_buffer;

  Result<std::size_t> index_of(std::string_view column) const {
    const auto found = std::find(layout.columns.begin(), layout.columns.end(), column);
    if (found == layout.columns.end()) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("layout {}: the file has no column {}", layout.id, column));
    }
    return static_cast<std::size_t>(found - layout.columns.begin());
  }

  Status bind_values() {
    for (const std::string& form : layout.time.formats) {
      MJ_TRY(TimeFormat format, TimeFormat::parse(form));
      formats.push_back(std::move(format));
    }
    for (const std::string& column : layout.station.columns) {
      MJ_TRY(const std::size_t index, index_of(column));
      station_at.push_back(index);
    }
    for (const std::string& column : layout.time.columns) {
      MJ_TRY(const std::size_t index, index_of(column));
      time_at.push_back(index);
    }
    if (!layout.status.column.empty()) {
      MJ_TRY(status_at, index_of(layout.status.column));
    }
    if (!layout.factor_column.empty()) {
      MJ_TRY(factor_at, index_of(layout.factor_column));
    }
    for (std::size_t i = 0; i < layout.values.size(); ++i) {
      const Column& column = layout.values[i];
      MJ_TRY(const std::size_t index, index_of(column.column));
      value_at.push_back(index);
      auto group = std::find_if(groups.begin(), groups.end(),
                                [&column](const Group& each) { return each.station == column.station; });
      if (group == groups.end()) group = groups.insert(groups.end(), Group{column.station, {}});
      group->columns.push_back(i);
    }
    texts.resize(layout.values.size());
    recoded.resize(layout.values.size());
    return {};
  }

  /// The station of the row; empty with `why` when there is none.
  std::string_view station_of(const std::vector<std::string_view>& cells, std::string& why) {
    if (station_at.empty()) return layout.station.constant;
    if (station_at.size() == 1) {
      station_buffer.clear();
      const std::string_view code = readable(trimmed(cells[station_at[0]]), station_buffer);
      if (code.empty()) why = "the station code is empty";
      if (code.size() > kMaxStation || has_control(code)) why = "this is no station code";
      return code;
    }
    station.clear();
    bool any = false;
    for (const std::size_t at : station_at) {
      const std::string_view part = readable(trimmed(cells[at]), station_buffer);
      if (at != station_at.front()) station += layout.station.separator;
      any = any || !part.empty();
      station += part;
    }
    if (!any) why = "the station code is empty";
    if (station.size() > kMaxStation || has_control(station)) why = "this is no station code";
    return station;
  }

  std::optional<std::int64_t> time_of(const std::vector<std::string_view>& cells) {
    std::string_view text;
    if (time_at.size() == 1) {
      text = trimmed(cells[time_at[0]]);
    } else {
      time.clear();
      for (const std::size_t at : time_at) {
        if (at != time_at.front()) time += ' ';
        time += trimmed(cells[at]);
      }
      text = time;
    }
    text = readable(text, time_buffer);
    for (const TimeFormat& format : formats) {
      if (const auto local = format.read(text)) {
        const TimeColumns& rule = layout.time;
        return *local - rule.zone_minutes * kMinuteMs - (rule.label_is_end ? rule.interval_s * 1000 : 0);
      }
    }
    return std::nullopt;
  }

  /// What the cell of a column of values holds. Numbers are the same in every encoding: only what is none is looked at again.
  CellKind value_of(std::string_view cell, std::size_t index, std::string_view& text) {
    const int shift = layout.values[index].shift;
    const CellKind kind = read_cell(cell, layout, shift, texts[index], text);
    if (kind != CellKind::unreadable || is_utf8(cell)) return kind;
    return read_cell(readable(cell, recoded[index]), layout, shift, texts[index], text);
  }

  std::string shown_time(const std::vector<std::string_view>& cells) const {
    std::string text;
    for (const std::size_t at : time_at) text += (text.empty() ? "" : " ") + shown(trimmed(cells[at]));
    return text;
  }
};

Reader::Reader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

Result<Reader> Reader::make(Layout layout) {
  MJ_CHECK(check(layout));
  if (layout.kind == Kind::unfit || layout.kind == Kind::geometry)
    return Error(ErrorCode::invalid_input, fmt::format("layout {} is no table", layout.id));
  if (const auto unsaid = layout.unsaid(); !unsaid.empty()) {
    return Error(ErrorCode::invalid_input, fmt::format("layout {}: the file does not say the {}; say it",
                                                       layout.id, fmt::join(unsaid, ", ")));
  }
  auto impl = std::make_unique<Impl>();
  impl->layout = std::move(layout);
  if (impl->layout.kind == Kind::values) MJ_CHECK(impl->bind_values());
  return Reader(std::move(impl));
}

const Layout& Reader::layout() const { return impl_->layout; }

namespace {

/// Walks over the records of rows; `use` reads one and returns nothing. Rows of another width are faults.
template <typename Use>
void each_record(std::string_view bytes, std::size_t first_line, const Layout& layout, Tally& tally,
                 const std::function<void(const Fault&)>& fault, Use use) {
  Records records(bytes, layout.delimiter, first_line);
  while (records.next()) {
    if (records.line() <= layout.header_line) continue;
    const auto& cells = records.cells();
    if (cells.size() == 1 && trimmed(cells.front()).empty()) continue;
    ++tally.rows;
    if (records.broken() || cells.size() != layout.columns.size()) {
      ++tally.faults;
      if (fault) {
        fault({records.line(), "",
               records.broken()
                   ? std::string("a quotation mark is not closed")
                   : fmt::format("the row has {} cells, the header {}", cells.size(), layout.columns.size())});
      }
      continue;
    }
    use(records.line(), cells);
  }
}

}  // namespace

Tally Reader::read(std::string_view bytes, std::size_t first_line, const std::function<void(const Row&)>& row,
                   const std::function<void(const Fault&)>& fault) {
  Impl& impl = *impl_;
  const Layout& layout = impl.layout;
  Tally tally;
  const auto report = [&](std::size_t line, std::string_view column, std::string text) {
    ++tally.faults;
    if (fault) fault({line, column, std::move(text)});
  };
  each_record(
      bytes, first_line, layout, tally, fault, [&](std::size_t line, const std::vector<std::string_view>& cells) {
        // What holds no value needs no time either: directories list stations that are out of order that way.
        bool any = false;
        for (const std::size_t at : impl.value_at) any = any || !trimmed(cells[at]).empty();
        if (!any) return;
        const auto at = impl.time_of(cells);
        if (!at) {
          report(line, layout.time.columns.front(),
                 fmt::format("\"{}\" is no time like {}", impl.shown_time(cells), layout.time.formats.front()));
          return;
        }
        std::string why;
        const std::string_view station = impl.station_of(cells, why);
        std::string_view flag;
        if (impl.status_at) {
          const std::string_view word = readable(trimmed(cells[*impl.status_at]), impl.status_buffer);
          const auto known = layout.status.flags.find(std::string(word));
          if (known != layout.status.flags.end()) {
            flag = known->second;
          } else if (!word.empty()) {
            report(line, layout.status.column, fmt::format("\"{}\" is no known state", shown(word)));
            return;
          }
        }
        std::string_view factor;
        bool factor_known = false;
        if (impl.factor_at) factor = readable(trimmed(cells[*impl.factor_at]), impl.factor_buffer);
        for (const Impl::Group& group : impl.groups) {
          if (group.station.empty() && !why.empty()) {
            report(line, layout.station.columns.empty() ? std::string_view() : layout.station.columns.front(),
                   why);
            continue;
          }
          impl.values.clear();
          for (const std::size_t index : group.columns) {
            const Column& column = layout.values[index];
            if (impl.factor_at) {
              if (column.when != factor) continue;
              factor_known = true;
            }
            const std::string_view cell = cells[impl.value_at[index]];
            std::string_view text;
            switch (impl.value_of(cell, index, text)) {
              case CellKind::value: impl.values.push_back({index, text}); break;
              case CellKind::missing: break;
              case CellKind::unreadable:
                report(line, column.column, fmt::format("\"{}\" is no number", shown(trimmed(cell))));
                break;
            }
          }
          if (impl.values.empty()) continue;
          tally.values += impl.values.size();
          if (row) {
            row({line, group.station.empty() ? station : std::string_view(group.station), Instant::from_ms(*at),
                 flag, impl.values});
          }
        }
        if (impl.factor_at && !factor_known)
          report(line, layout.factor_column, fmt::format("\"{}\" is no known factor", shown(factor)));
      });
  return tally;
}

Tally Reader::read_cells(std::string_view bytes, std::size_t first_line,
                         const std::function<void(std::size_t line, const Cells&)>& row,
                         const std::function<void(const Fault&)>& fault) {
  const Layout& layout = impl_->layout;
  Tally tally;
  Cells named;
  each_record(bytes, first_line, layout, tally, fault,
              [&](std::size_t line, const std::vector<std::string_view>& cells) {
                named.clear();
                std::string buffer;
                for (std::size_t i = 0; i < cells.size(); ++i)
                  named.emplace(layout.columns[i], readable(trimmed(cells[i]), buffer));
                row(line, named);
              });
  return tally;
}

Result<std::string> fill(std::string_view pattern, const Cells& cells) {
  std::string text;
  while (!pattern.empty()) {
    const std::size_t open = pattern.find('{');
    text += pattern.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = pattern.find('}', open);
    if (close == std::string_view::npos)
      return Error(ErrorCode::invalid_input, fmt::format("\"{}\" has an open brace", pattern));
    const std::string_view column = pattern.substr(open + 1, close - open - 1);
    const auto cell = cells.find(column);
    if (cell == cells.end()) return Error(ErrorCode::invalid_input, fmt::format("there is no column {}", column));
    text += cell->second;
    pattern.remove_prefix(close + 1);
  }
  return text;
}

}  // namespace mj::dataset
