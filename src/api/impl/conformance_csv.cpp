#include <algorithm>

#include <fmt/format.h>

#include "conformance_report.hpp"
#include "devices_json.hpp"
#include "mj/hj212/message.hpp"

namespace mj::api {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kTitles =
    "厂商 vendor,设备 MN,点位 point,通讯包 frames,偏离代码 deviation,偏离 (中文),deviation (English),条款 clause,"
    "偏离包数 deviating frames,占比 share,首次时间 first at,首次存证 first entry,最近时间 last at,最近存证 last "
    "entry";
constexpr std::size_t kDigitsKept = 11;  ///< a spreadsheet shows longer numbers rounded

/// Digits, perhaps with one E between them: read as a number, such a device number would be changed.
bool looks_like_number(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::size_t e = text.find_first_of("eE");
  const std::string_view before = text.substr(0, e);
  const std::string_view after = e == std::string_view::npos ? std::string_view() : text.substr(e + 1);
  if (before.empty() || !std::all_of(before.begin(), before.end(), is_digit)) return false;
  if (e == std::string_view::npos) return text.size() > kDigitsKept || (text.size() > 1 && text.front() == '0');
  return !after.empty() && std::all_of(after.begin(), after.end(), is_digit);
}

/// A row from its cells, with the line end of RFC 4180.
std::string row_of(const std::vector<std::string>& cells) { return fmt::format("{}\r\n", fmt::join(cells, ",")); }

}  // namespace

std::string csv_cell(std::string_view text) {
  std::string cell;
  // OWASP, CSV injection: a cell that begins so is a formula to a spreadsheet.
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) cell += '\'';
  cell += text;
  if (looks_like_number(text)) cell += '\t';
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string conformance_csv(const Services& services, const std::vector<DeviceConformance>& devices) {
  std::string csv(kByteOrderMark);
  csv += fmt::format("{}\r\n", kTitles);
  for (const DeviceConformance& device : devices) {
    const devices::DeviceRecord& record = device.record;
    const registry::Point* point = record.mn.empty() ? nullptr : services.network.find_device(record.mn);
    const std::vector<std::string> who = {csv_cell(record.vendor), csv_cell(hj212::to_utf8(record.mn).text),
                                          csv_cell(point == nullptr ? "" : point->id),
                                          std::to_string(record.frames)};
    if (device.deviations.empty())
      csv += row_of({who[0], who[1], who[2], who[3], "", "", "", "", "0", "0", "", "", "", ""});
    for (const auto& count : device.deviations) {
      const Json kind = deviation_kind_json(services.protocol, count.deviation);
      std::vector<std::string> cells = who;
      cells.push_back(csv_cell(kind["code"].get<std::string>()));
      cells.push_back(csv_cell(kind["name"]["zh"].get<std::string>()));
      cells.push_back(csv_cell(kind["name"]["en"].get<std::string>()));
      cells.push_back(csv_cell(kind["clause"].get<std::string>()));
      cells.push_back(std::to_string(count.frames));
      cells.push_back(fmt::format("{:.6f}", static_cast<double>(count.frames) /
                                                static_cast<double>(std::max<std::uint64_t>(record.frames, 1))));
      cells.push_back(to_iso(count.first_at));
      cells.push_back(std::to_string(count.first_entry));
      cells.push_back(to_iso(count.last_at));
      cells.push_back(std::to_string(count.last_entry));
      csv += row_of(cells);
    }
  }
  return csv;
}

}  // namespace mj::api
