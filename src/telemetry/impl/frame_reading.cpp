#include "frame_reading.hpp"

namespace mj::telemetry {
namespace {

bool is_upload(std::string_view cn) { return cn.size() == 4 && cn[0] == '2'; }

/// Keys of a factor that describe the value beside them instead of being one.
bool is_attribute(std::string_view key) {
  return key == "Flag" || key == "EFlag" || key == "SampleTime" || key == "CompleteTime" || key == "SampleType" ||
         key == "Info" || key == "SN" || key == "FLAG";
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The text itself when it is plain ASCII, otherwise its UTF-8 form in `buffer`: DuckDB stores nothing else.
std::string_view readable(std::string_view text, std::string& buffer) {
  if (is_ascii(text)) return text;
  buffer = hj212::to_utf8(text).text;
  return buffer;
}

}  // namespace

FrameReading FrameReader::read(const evidence::StoredEntry& stored) {
  const evidence_format::Entry& entry = stored.entry;
  FrameReading reading;
  reading.device = readable(entry.device, device_);
  values_.clear();
  reading.values = &values_;
  const auto reject = [&reading](Reason reason) {
    reading.disposition = Disposition::rejected;
    reading.reason = reason;
    return reading;
  };
  if (entry.type == evidence_format::EntryType::junk) return reject(Reason::not_a_frame);

  const hj212::FrameReading& frame = reader_.read(entry.payload, settings_.at(entry.device, stored.index.raw()));
  if (frame.verdict == hj212::Verdict::not_a_frame) return reject(Reason::not_a_frame);
  reading.st = readable(frame.header.st.value_or(""), st_);
  reading.cn = readable(frame.header.cn.value_or(""), cn_);
  if (frame.verdict == hj212::Verdict::header_incomplete) return reject(Reason::header_incomplete);

  if (network_.find_device(entry.device) == nullptr) {
    reading.disposition = Disposition::quarantined;
    reading.reason = Reason::device_unknown;
    return reading;
  }
  switch (frame.verdict) {
    case hj212::Verdict::crc_wrong: return reject(crc_reason(frame.crc));
    case hj212::Verdict::password_wrong: return reject(Reason::password_wrong);
    case hj212::Verdict::not_decrypted: return reject(Reason::not_decrypted);
    case hj212::Verdict::good:
    case hj212::Verdict::header_incomplete:
    case hj212::Verdict::not_a_frame: break;
  }
  if (!is_upload(reading.cn)) return reading;

  hj212::read_fields(readable(frame.area, area_), fields_);
  bool has_values = false;
  for (const hj212::Field& field : fields_) {
    if (field.factor.empty()) {
      if (field.key == "DataTime" || field.key == "DATATIME") {
        reading.data_time = hj212::read_data_time(field.value);
        if (!reading.data_time) return reject(Reason::data_time_unreadable);
      }
    } else if (!is_attribute(field.key)) {
      has_values = true;
    }
  }
  if (!has_values) return reading;
  if (!reading.data_time) return reject(Reason::data_time_missing);

  // The flag of a factor stands beside its values, before or after them: fields of one factor are neighbours.
  for (std::size_t begin = 0; begin < fields_.size();) {
    const std::string_view factor = fields_[begin].factor;
    std::size_t end = begin + 1;
    while (end < fields_.size() && fields_[end].factor == factor) ++end;
    if (!factor.empty()) {
      std::string_view flag;
      for (std::size_t i = begin; i < end; ++i) {
        if (fields_[i].key == "Flag" || fields_[i].key == "FLAG") flag = fields_[i].value;
      }
      for (std::size_t i = begin; i < end; ++i) {
        const hj212::Field& field = fields_[i];
        // An empty value says that there is none; the frame itself remains in evidence.
        if (!is_attribute(field.key) && !field.value.empty()) {
          values_.push_back(FrameValue{field.factor, field.key, field.value, flag});
        }
      }
    }
    begin = end;
  }
  return reading;
}

}  // namespace mj::telemetry
