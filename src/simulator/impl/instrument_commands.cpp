// Commands about instruments: calibration, cleaning, sampling, parameters, states, logs. Source: HJ 212-2017 C.30 to C.46.
#include "field_model.hpp"
#include "request_fields.hpp"

namespace mj::simulator {
namespace {

constexpr std::int64_t kLogHourMs = 2 * 60 * kMinuteMs;  // instruments write a line of their own at 02:00
constexpr std::size_t kMostLogLines = 200;

}  // namespace

Plan FieldDevice::plan_limits(const std::string& cn, const Fields& fields, Instant now) {
  // HJ/T 212-2005 only: alarm limits.
  if (cn == "1022") {
    for (const hj212::Field& field : fields) instruments().set(field.factor, field.key, std::string(field.value));
    return {};
  }
  std::string area;
  for (const hj212::Field& field : fields) {
    if (field.key != "PolId") continue;
    const std::string low = instruments().get(field.value, "LowValue", now).value_or("0.1");
    const std::string up = instruments().get(field.value, "UpValue", now).value_or("99.9");
    area += fmt::format("{0}{1}-LowValue={2},{1}-UpValue={3}", area.empty() ? "" : ";", field.value, low, up);
  }
  return area.empty() ? failed(kConditionWrong) : answered(std::move(area));
}

Plan FieldDevice::plan_instrument(const std::string& cn, const Fields& fields, Instant now) {
  const Instant shown = clock(now);
  if (cn == "3015") {
    const int number = std::stoi(instruments().get("", "VaseNo", now).value_or("0")) % 99 + 1;
    instruments().set("", "VaseNo", fmt::format("{}", number));
    return answered(fmt::format("DataTime={};VaseNo={}", to_compact(shown), number));
  }
  const std::string code(value_of(fields, "PolId").value_or(""));
  if (!has_instrument(code)) return failed(kConditionWrong);
  const auto busy = [&](std::string_view state, std::string_view text) {
    instruments().set(code, "i12001", std::string(state), now.plus_ms(kMinuteMs));
    instruments().log(shown, code, std::string(text));
    return Plan{};
  };
  if (cn == "3011") {
    const auto type = value_of(fields, "CalibrationType");
    return busy("3", !type ? "零点校准、量程校准" : *type == "0" ? "零点校准" : "量程校准");
  }
  if (cn == "3012") return busy("7", "即时采样");
  if (cn == "3013") return busy("5", "清洗/反吹");
  if (cn == "3014" && !of_2005()) return busy("7", "比对采样");
  if (cn == "3022") return busy("7", "留样");
  if (cn == "3024") return busy("8", "标样核查");
  if (cn == "3014" || cn == "3016") {
    std::vector<std::string> hours;
    for (const hj212::Field& field : fields) {
      if (field.key == "CTime") hours.emplace_back(field.value);
    }
    instruments().set_list(code, "CTime", std::move(hours));
    if (const auto begin = value_of(fields, "CstartTime"))
      instruments().set(code, "CstartTime", std::string(*begin));
    return {};
  }
  if (cn == "3017") {
    const auto hours = instruments().list(code, "CTime");
    return answered(fmt::format("PolId={};CstartTime={};CTime={}", code,
                                instruments().get(code, "CstartTime", now).value_or("000000"),
                                hours.empty() ? "2" : hours.front()));
  }
  if (cn == "3018") return answered(fmt::format("PolId={};Stime=40", code));
  // 3019: the serial number of an instrument, 24 hexadecimal digits.
  std::uint64_t digits = 0;
  for (const char c : code) digits = digits * 31 + static_cast<unsigned char>(c);
  return answered(fmt::format("PolId={0};{0}-SN=0100{1:08X}{2:012X}", code, index_, digits & 0xFFFF'FFFF'FFFFU));
}

Plan FieldDevice::plan_info(const Fields& fields, Instant now) {
  const Instant shown = clock(now);
  const std::string pol(value_of(fields, "PolId").value_or(""));
  const std::string info(value_of(fields, "InfoId").value_or(""));
  if ((!pol.empty() && !has_instrument(pol)) || info.size() != 6) return failed(kConditionWrong);
  const std::string about = pol.empty() ? std::string() : fmt::format("PolId={};", pol);
  if (info[2] != '1') {
    // i12…: state, 0 unless something goes on; i13…: parameter.
    const std::string fallback = info[2] == '2' ? "0" : "1.0";
    const std::string value = instruments().get(pol, info, now).value_or(fallback);
    return answered(fmt::format("DataTime={};{}{}-Info={}", to_compact(shown), about, info, value));
  }
  const auto from = parse_compact(value_of(fields, "BeginTime").value_or(""));
  const auto to = parse_compact(value_of(fields, "EndTime").value_or(""));
  if (!from || !to || *from > *to) return failed(kConditionWrong);
  Plan plan;
  const auto add = [&](Instant at, std::string_view text) {
    if (at < *from || at > *to || at > shown || plan.uploads.size() == kMostLogLines) return;
    plan.uploads.push_back(fmt::format("DataTime={};{}{}-Info=//{}//", to_compact(at), about, info, text));
  };
  const Instant first = interval_start(std::max(*from, shown.plus_ms(-kOldestMs)), kDayMs).plus_ms(kLogHourMs);
  for (Instant at = first; at <= std::min(*to, shown); at = at.plus_ms(kDayMs)) add(at, "清洗管路");
  if (instruments_) {
    for (const Instruments::Line& line : instruments_->lines()) {
      if (line.instrument == pol) add(line.at, line.text);
    }
  }
  if (plan.uploads.empty()) plan.execution_return = 100;
  return plan;
}

}  // namespace mj::simulator
