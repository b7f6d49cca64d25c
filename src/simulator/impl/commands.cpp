// What each command of the host does to a device. Whether it exists in the device's dialect, which fields it has and their
// ranges is the tables' affair (hj212::Protocol); a command of the tables that stands not here is answered by its course.
#include "durations.hpp"
#include "field_model.hpp"
#include "request_fields.hpp"

namespace mj::simulator {
namespace {

/// `*` in a key of the tables stands for any characters.
bool matches(std::string_view pattern, std::string_view text) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  const std::string_view before = pattern.substr(0, star);
  const std::string_view after = pattern.substr(star + 1);
  return text.size() >= before.size() + after.size() && text.starts_with(before) && text.ends_with(after);
}

/// Required fields are there and values lie in the ranges of the table.
bool conditions_hold(const hj212::Command& command, const Fields& fields) {
  for (const hj212::FieldRule& rule : command.fields) {
    bool present = false;
    for (const hj212::Field& field : fields) {
      const std::string key =
          field.factor.empty() ? std::string(field.key) : fmt::format("{}-{}", field.factor, field.key);
      if (!matches(rule.key, key)) continue;
      present = true;
      if (!rule.one_of.empty() &&
          std::find(rule.one_of.begin(), rule.one_of.end(), field.value) == rule.one_of.end()) {
        return false;
      }
      if (!rule.min && !rule.max) continue;
      const auto number = number_of(field.value);
      if (!number || (rule.min && *number < *rule.min) || (rule.max && *number > *rule.max)) return false;
    }
    if (rule.required && !present) return false;
  }
  return true;
}

/// A value that fits the type, for commands of the tables that stand for nothing here.
std::string value_for(const hj212::FieldRule& rule, Instant shown) {
  using Form = hj212::ValueType::Form;
  if (!rule.one_of.empty()) return rule.one_of.front();
  if (rule.type.form == Form::time || (rule.type.form == Form::number && rule.type.length == 14)) {
    return to_compact(shown);
  }
  if (rule.type.form == Form::number) return rule.min ? fmt::format("{}", *rule.min) : "1";
  return "A";
}

std::string area_by_table(const hj212::Command* upload, const DeviceGroup& group, Instant shown) {
  std::string area;
  if (upload == nullptr) return area;
  const std::string code =
      group.model.signals.empty() ? std::string("w01018") : code_of(group, group.model.signals.front());
  for (const hj212::FieldRule& rule : upload->fields) {
    if (!rule.required) continue;
    std::string key = rule.key;
    if (const std::size_t star = key.find('*'); star != std::string::npos) key.replace(star, 1, code);
    area += fmt::format("{}{}={}", area.empty() ? "" : ";", key, value_for(rule, shown));
  }
  return area;
}

}  // namespace

Instruments& FieldDevice::instruments() {
  if (!instruments_) instruments_ = std::make_unique<Instruments>();
  return *instruments_;
}

bool FieldDevice::has_instrument(std::string_view code) const {
  const auto& signals = group_->model.signals;
  if (signals.empty()) return true;  // its data come from a file
  return std::any_of(signals.begin(), signals.end(),
                     [&](const Signal& each) { return code_of(*group_, each) == code; });
}

Plan FieldDevice::plan_history(Record record, const Fields& fields, Instant now) const {
  const auto from = parse_compact(value_of(fields, "BeginTime").value_or(""));
  const auto to = parse_compact(value_of(fields, "EndTime").value_or(""));
  if (!from || !to || *from > *to) return failed(kConditionWrong);
  const std::int64_t length = length_ms(record, realtime_s_, minute_min_);
  const Instant shown = clock(now);
  const Instant newest = interval_start(shown, length).plus_ms(-length);
  Plan plan;
  plan.history = record;
  // Both ends are starts of intervals and included. Source: HJ 212-2017 C.20.
  const Instant oldest = std::max(*from, shown.plus_ms(-kOldestMs));
  plan.from = interval_start(oldest.plus_ms(length - 1), length);
  plan.to = std::min(*to, newest);
  return plan;
}

Plan FieldDevice::plan_for(const hj212::Command& command, std::string_view cn_view, const hj212::Header& header,
                           const Fields& fields, const hj212::Protocol& protocol, Instant now) {
  const std::string cn(cn_view);
  const Instant shown = clock(now);
  Plan plan;
  if (command.course == hj212::Course::notice) {
    plan.notice = true;
    if (cn == "2012") realtime_on_ = false;
    if (cn == "2022") status_on_ = false;
    schedule_all(now);
    return plan;
  }
  if (!conditions_hold(command, fields)) return failed(kConditionWrong);
  const auto text = [&](std::string_view key) { return std::string(value_of(fields, key).value_or("")); };
  const auto whole = [&](std::string_view key) {
    return static_cast<std::int64_t>(number_of(text(key)).value_or(0));
  };
  const bool surface_water = group_->device.surface_water_profile;

  if (cn == "1000") {
    over_time_ms_ = whole("OverTime") * kSecondMs;
    recount_ = static_cast<int>(whole("ReCount"));
  } else if (cn == "1002") {
    if (value_of(fields, "Info", "i23005") != group_->logger(index_)) return failed(kConditionWrong);
    const std::string given(header.mn.value_or(""));
    if (given.empty()) return failed(kConditionWrong);
    const bool first = mn_.empty();
    mn_ = given;
    due_[kAskMn] = Instant::from_ms(INT64_MAX);
    if (first) {
      begin(now);
      plan.first_mn = true;
    }
  } else if (cn == "1011" || (cn == "1014" && surface_water)) {
    const std::string pol = text("PolId");
    if (!pol.empty() && !has_instrument(pol)) return failed(kConditionWrong);
    std::int64_t off = 0;
    if (!pol.empty())
      off = static_cast<std::int64_t>(number_of(instruments().get(pol, "clock", now).value_or("0")).value_or(0));
    plan.response = fmt::format("{}SystemTime={}", pol.empty() ? "" : fmt::format("PolId={};", pol),
                                to_compact(shown.plus_ms(off)));
  } else if (cn == "1012" || (cn == "1015" && surface_water)) {
    const auto to = parse_compact(text("SystemTime"));
    const std::string pol = text("PolId");
    if (!to || (!pol.empty() && !has_instrument(pol))) return failed(kConditionWrong);
    if (pol.empty()) {
      set_clock(*to, now);
    } else {
      instruments().set(pol, "clock", fmt::format("{}", to->ms_since(shown)));
    }
  } else if (cn == "1014") {
    const auto created = parse_compact(text("SKCreateTime"));
    plan.new_key = hj212::parse_sm4_key(text("NewSK"));
    if (!plan.new_key || !created) return failed(kConditionWrong);
    plan.new_key_created = *created;
  } else if (cn == "1021" || cn == "1022") {
    return plan_limits(cn, fields, now);
  } else if (cn == "1031") {
    plan.response = fmt::format("AlarmTarget={}", instruments().get("", "AlarmTarget", now).value_or("12345678"));
  } else if (cn == "1041") {
    plan.response = fmt::format("ReportTime={}", instruments().get("", "ReportTime", now).value_or("0000"));
  } else if (cn == "1001" || cn == "1032" || cn == "1042") {
    for (const hj212::Field& field : fields) instruments().set(field.factor, field.key, std::string(field.value));
  } else if (cn == "1061") {
    plan.response = fmt::format("RtdInterval={}", realtime_s_);
  } else if (cn == "1062") {
    realtime_s_ = whole("RtdInterval");
    schedule_all(now);
  } else if (cn == "1063") {
    plan.response = fmt::format("MinInterval={}", minute_min_);
  } else if (cn == "1064") {
    minute_min_ = whole("MinInterval");
    schedule_all(now);
  } else if (cn == "1072") {
    plan.new_password = text(of_2005() ? "PW" : "NewPW");
    if (plan.new_password.size() != 6) return failed(kConditionWrong);
  } else if (cn == "2011" && value_of(fields, "BeginTime")) {
    return plan_history(Record::electricity, fields, now);
  } else if (cn == "2011") {
    realtime_on_ = true;
    schedule_all(now);
  } else if (cn == "2021") {
    status_on_ = true;
    schedule_all(now);
    due_[static_cast<std::size_t>(Record::status)] = now;  // the first one at once
  } else if (cn == "2013") {
    return plan_history(Record::raw, fields, now);
  } else if (cn == "2031") {
    return plan_history(Record::day, fields, now);
  } else if (cn == "2041") {
    return plan_history(Record::running_time, fields, now);
  } else if (cn == "2051") {
    return plan_history(Record::minute, fields, now);
  } else if (cn == "2061") {
    return plan_history(Record::hour, fields, now);
  } else if (cn == "2062") {
    return plan_history(Record::check, fields, now);
  } else if (cn == "2071") {
    const auto from = parse_compact(text("BeginTime"));
    const auto to = parse_compact(text("EndTime"));
    if (!from || !to) return failed(kConditionWrong);
    if (instruments_) {
      for (const Instruments::Line& line : instruments_->lines()) {
        if (line.instrument == "alarm" && line.at >= *from && line.at <= *to) plan.uploads.push_back(line.text);
      }
    }
    if (plan.uploads.empty()) plan.execution_return = 100;
  } else if (cn == "3020") {
    return plan_info(fields, now);
  } else if (cn == "3021") {
    const std::string info = text("InfoId");
    const auto value = value_of(fields, "Info", info);
    const std::string pol = text("PolId");
    if (!value || (!pol.empty() && !has_instrument(pol))) return failed(kConditionWrong);
    instruments().set(pol, info, std::string(*value));
  } else if (value_of(fields, "PolId") || cn == "3015") {
    return plan_instrument(cn, fields, now);
  } else if (command.course == hj212::Course::response) {
    const std::string st(header.st.value_or(""));
    plan.response = area_by_table(
        protocol.find(cn, hj212::Sender::device, group_->device.dialect, st, surface_water), *group_, shown);
  }
  return plan;
}

}  // namespace mj::simulator
