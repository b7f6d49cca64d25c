#include "readings.hpp"

namespace mj::devices {
namespace {

constexpr std::string_view kInstrument = "PolId";
/// What the value `@…` of an order stands for is not known here.
constexpr char kFilledIn = '@';

bool is_info_code(std::string_view factor) { return factor.starts_with('i') || factor.starts_with('I'); }

/// Fields that say when, of what, or how it went, but no parameter.
bool is_circumstance(std::string_view key) {
  static constexpr std::array<std::string_view, 9> kCircumstances{
      "DataTime", "InfoId", "BeginTime", "EndTime", "QN", "QnRtn", "ExeRtn", "Flag", "CN"};
  return std::find(kCircumstances.begin(), kCircumstances.end(), key) != kCircumstances.end();
}

/// Secrets do not enter the book.
bool is_secret(std::string_view key) { return key == "NewPW" || key == "PW" || key == "NewSK"; }

std::string clear_value(std::string_view value) {
  std::string text = hj212::to_utf8(value).text;
  // A log `//text//`, HJ 212-2017 table B.8.
  if (text.size() >= 4 && text.starts_with("//") && text.ends_with("//")) text = text.substr(2, text.size() - 4);
  return text;
}

ToldParameter told(std::string_view instrument, std::string_view factor, std::string_view key,
                   std::string_view value) {
  ToldParameter parameter;
  parameter.value = clear_value(value);
  if (factor.empty()) {
    parameter.instrument = instrument;
    parameter.name = hj212::to_utf8(key).text;
  } else if (is_info_code(factor)) {
    parameter.instrument = instrument;
    parameter.name = hj212::to_utf8(fmt::format("{}-{}", factor, key)).text;
  } else {
    parameter.instrument = hj212::to_utf8(factor).text;
    parameter.name = hj212::to_utf8(key).text;
  }
  return parameter;
}

std::string key_of(const ParameterReading& reading) {
  return fmt::format("{}\n{}\n{}", reading.mn, reading.instrument, reading.name);
}

}  // namespace

std::vector<ToldParameter> told_parameters(const std::vector<hj212::Field>& fields) {
  std::vector<ToldParameter> parameters;
  const auto names_instrument = [](const hj212::Field& field) {
    return field.factor.empty() && field.key == kInstrument;
  };
  std::string instrument;
  if (std::count_if(fields.begin(), fields.end(), names_instrument) == 1) {
    const auto only = std::find_if(fields.begin(), fields.end(), names_instrument);
    instrument = hj212::to_utf8(only->value).text;
  }
  for (const hj212::Field& field : fields) {
    if (names_instrument(field)) {
      instrument = hj212::to_utf8(field.value).text;
    } else if (!is_circumstance(field.key) && !is_secret(field.key) && !field.key.empty() &&
               !field.value.empty()) {
      parameters.push_back(told(instrument, field.factor, field.key, field.value));
    }
  }
  return parameters;
}

std::vector<ToldParameter> set_parameters(const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::vector<hj212::Field> fields;
  for (const auto& [name, value] : parameters) {
    if (value.starts_with(kFilledIn)) continue;
    const std::string_view whole = name;
    const std::size_t dash = whole.find('-');
    hj212::Field field;
    field.key = dash == std::string_view::npos ? whole : whole.substr(dash + 1);
    if (dash != std::string_view::npos) field.factor = whole.substr(0, dash);
    field.value = value;
    fields.push_back(field);
  }
  return told_parameters(fields);
}

void ParameterList::take(ParameterReading reading) {
  Newest& newest = newest_[key_of(reading)];
  if (newest.id != 0 && newest.value == reading.value) {
    Row& row = changed_[newest.id];
    if (row.id == 0) {
      row.id = newest.id;
      row.reading = reading;
    }
    row.last_at = reading.at;
    row.last_entry = reading.entry;
    return;
  }
  newest.id = ++last_id_;
  newest.value = reading.value;
  Row row;
  row.id = newest.id;
  row.last_at = reading.at;
  row.last_entry = reading.entry;
  row.is_new = true;
  row.reading = std::move(reading);
  changed_.emplace(row.id, std::move(row));
}

void ParameterList::restore(Row row) {
  last_id_ = std::max(last_id_, row.id);
  Newest& newest = newest_[key_of(row.reading)];
  newest.id = row.id;
  newest.value = std::move(row.reading.value);
}

std::vector<ParameterList::Row> ParameterList::changes() {
  std::vector<Row> rows;
  rows.reserve(changed_.size());
  for (auto& [id, row] : changed_) rows.push_back(std::move(row));
  changed_.clear();
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.id < b.id; });
  return rows;
}

void ParameterList::reset() {
  newest_.clear();
  changed_.clear();
  last_id_ = 0;
}

}  // namespace mj::devices
