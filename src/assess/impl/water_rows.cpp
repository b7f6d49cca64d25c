#include "water_rows.hpp"

#include "mj/assess/rules_in_force.hpp"

namespace mj::assess {
using standards::WaterBody;

Result<WaterRows> WaterRows::open(SheetReader& reader, const standards::StandardSet& standards,
                                  std::string_view edition, std::string_view group_by) {
  WaterRows rows;
  MJ_TRY(rows.section_, reader.require("section"));
  MJ_TRY(rows.time_, reader.require("time"));
  rows.kind_ = reader.find("kind");
  rows.target_ = reader.find("target");
  rows.saturation_ = reader.find("do_saturation");
  if (!group_by.empty()) {
    MJ_TRY(rows.group_, reader.require(column_name(group_by)));
  }
  const standards::WaterStandard* standard = nullptr;
  for (const standards::WaterStandard& candidate : standards.water_editions()) {
    if (edition.empty() || candidate.edition.id == edition) standard = &candidate;
  }
  if (standard == nullptr)
    return Error(ErrorCode::not_found, fmt::format("there is no surface-water standard \"{}\"", edition));
  if (rows.saturation_) {
    MJ_TRY(const Parameters numbers, Parameters::of_edition(standards, standard->edition.id));
    MJ_TRY(rows.saturated_, numbers.decimal("do_saturation_class1"));
  }
  for (const standards::WaterItem& item : standard->items) {
    const auto place = reader.find(column_name(item.item));
    if (!place) continue;
    auto column = std::find_if(rows.columns_.begin(), rows.columns_.end(),
                               [&](const WaterColumn& known) { return known.item == item.item; });
    if (column == rows.columns_.end()) {
      rows.columns_.push_back({item.item, *place, nullptr, nullptr});
      column = std::prev(rows.columns_.end());
    }
    if (!item.body || *item.body == WaterBody::river) column->river = &item;
    if (!item.body || *item.body == WaterBody::lake) column->lake = &item;
  }
  if (rows.columns_.empty())
    return Error(ErrorCode::invalid_input, "header: no column of an item such as ph, do, codmn, nh3n, tp");
  return rows;
}

Result<bool> WaterRows::next(SheetReader& reader, WaterRow& row) const {
  MJ_TRY(const bool more, reader.next());
  if (!more) return false;
  MJ_TRY(row.section, reader.text(section_));
  row.group = group_ ? reader.cell(*group_) : std::string_view();
  row.time.reset();
  if (!reader.missing(time_)) {
    MJ_TRY(row.time, reader.time(time_));
  }
  row.body = WaterBody::river;
  if (kind_) {
    MJ_TRY(const std::string_view kind, reader.text(*kind_));
    if (kind == "lake" || kind == "reservoir" || kind == "湖库") {
      row.body = WaterBody::lake;
    } else if (kind != "river" && kind != "河流") {
      return reader.error(*kind_, fmt::format("\"{}\" is neither river nor lake", kind));
    }
  }
  row.target.reset();
  if (target_ && !reader.missing(*target_)) {
    row.target = parse_class(reader.cell(*target_));
    if (!row.target)
      return reader.error(*target_, fmt::format("\"{}\" is no class I to V", reader.cell(*target_)));
  }
  row.oxygen_saturated = false;
  if (saturation_) {
    MJ_TRY(const auto saturation, reader.amount(*saturation_));
    row.oxygen_saturated = saturation && compare(*saturation, saturated_) >= 0;
  }
  row.values.assign(columns_.size(), std::nullopt);
  bool any = false;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    MJ_TRY(row.values[i], reader.measured(columns_[i].place));
    any = any || row.values[i];
  }
  if (any && !row.time) return reader.error(time_, "the cell is empty");
  return true;
}

bool add_row(SectionMeans& means, const WaterRow& row, const std::vector<WaterColumn>& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const standards::WaterItem* item = columns[i].of(row.body);
    if (item == nullptr || !row.values[i]) continue;
    if (!means.add(*item, row.values[i]->value, row.values[i]->below_detection)) return false;
  }
  return true;
}

std::string period_label(Instant at, WaterPeriod period) {
  const BeijingTime time = to_beijing(at);
  switch (period) {
    case WaterPeriod::row: return to_iso(at);
    case WaterPeriod::month: return fmt::format("{:04}-{:02}", time.year, time.month);
    case WaterPeriod::quarter: return fmt::format("{:04}-Q{}", time.year, (time.month + 2) / 3);
    case WaterPeriod::year: return fmt::format("{:04}", time.year);
  }
  return {};
}

}  // namespace mj::assess
