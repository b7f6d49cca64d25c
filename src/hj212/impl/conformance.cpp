#include "mj/hj212/conformance.hpp"

#include <algorithm>

#include "area_form.hpp"
#include "blocks.hpp"
#include "crc_remarks.hpp"
#include "fields.hpp"
#include "header_form.hpp"
#include "limits.hpp"
#include "mj/kernel/instant.hpp"
#include "scan.hpp"
#include "traits.hpp"

namespace mj::hj212 {
namespace {

constexpr std::size_t kMaxArea2005 = 960;  // HJ/T 212-2005 as reported
constexpr std::size_t kPassword = 6;       // §6.3.2 table 3
constexpr std::size_t kMn = 24;
constexpr std::size_t kMn2005 = 14;
constexpr std::size_t kQn = 17;
constexpr std::size_t kEpochQn = 13;

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

bool is_number_of_device(std::string_view mn) {
  return mn.size() == kMn &&
         std::all_of(mn.begin(), mn.end(), [](char c) { return is_digit(c) || (c >= 'A' && c <= 'F'); });
}

bool is_reply(std::string_view cn) {
  return cn.size() == 4 && cn.starts_with("901") && cn[3] >= '1' && cn[3] <= '4';
}

/// One frame under examination.
class Examination {
 public:
  Examination(FrameReader& reader, const FrameReading& reading, const Protocol& protocol, TraitCounts& counts)
      : reader_(reader), reading_(reading), protocol_(protocol), counts_(counts) {}

  Deviations run(Instant received_at, std::int64_t clock_tolerance_ms) {
    framing();
    if (reading_.verdict == Verdict::header_incomplete) {
      header_form();
      return found_;
    }
    dialect_ = dialect_of(header());
    surface_water_ = dialect_ == Dialect::v2017 && header().flag && header().flag->version() == 2;
    header_form();
    find_command();
    request_number(received_at, clock_tolerance_ms);
    device_number();
    rest_of_header();
    area();
    return found_;
  }

 private:
  void note(Deviation deviation) { hj212::note(found_, deviation); }
  [[nodiscard]] const Header& header() const { return reading_.header; }
  [[nodiscard]] bool is_2005() const { return dialect_ == Dialect::v2005; }

  void framing() {
    const Piece& piece = reader_.last_piece();
    found_ = piece.deviations;
    const bool unread = reading_.verdict == Verdict::not_decrypted;
    if (reading_.encrypted || unread) {
      // The CRC received is that of the text in clear; over ciphertext it says nothing.
      for (const auto deviation : {Deviation::crc_modbus, Deviation::crc_modbus_le, Deviation::crc_wrong})
        found_.reset(static_cast<std::size_t>(deviation));
      if (reading_.encrypted) note_crc(found_, {.given = {}, .hj = 0, .match = reading_.crc});
    }
    if (!unread) count_crc();
    for (const char c : piece.crc.given) {
      if (is_digit(c)) continue;
      count(counts_, Trait::crc_case, c >= 'a' ? CrcCaseVariant::lower : CrcCaseVariant::upper);
      break;
    }
    auto line_end = LineEndVariant::crlf;
    if (has(found_, Deviation::line_end_lf)) line_end = LineEndVariant::lf;
    if (has(found_, Deviation::line_end_missing)) line_end = LineEndVariant::none;
    if (has(found_, Deviation::line_end_decorated)) line_end = LineEndVariant::decorated;
    count(counts_, Trait::line_end, line_end);
    if (piece.segment.size() > kMaxSegment) note(Deviation::segment_too_long);
  }

  void count_crc() {
    switch (reading_.crc) {
      case CrcMatch::hj: return count(counts_, Trait::crc, CrcVariant::hj);
      case CrcMatch::modbus: return count(counts_, Trait::crc, CrcVariant::modbus);
      case CrcMatch::modbus_le: return count(counts_, Trait::crc, CrcVariant::modbus_le);
      case CrcMatch::none: return count(counts_, Trait::crc, CrcVariant::wrong);
      case CrcMatch::absent: return count(counts_, Trait::crc, CrcVariant::absent);
    }
  }

  void header_form() {
    auto order = HeaderOrderVariant::standard;
    if (!reader_.standard_header()) order = examine_header_form(reader_.last_piece().segment, found_);
    count(counts_, Trait::header_order, order);
  }

  /// The table of the frame's command: that of a device, or of a host for what only hosts send.
  void find_command() {
    const std::string_view cn = header().cn.value_or(std::string_view());
    const std::string_view st = header().st.value_or(std::string_view());
    if (protocol_.system(st) == nullptr) note(Deviation::system_unknown);
    const bool asks = same_name(trim(reading_.area).substr(0, 10), "BeginTime=");
    const auto find = [&](Dialect dialect) {
      const Command* by_host = asks ? protocol_.find(cn, Sender::host, dialect, st, surface_water_) : nullptr;
      const Command* by_device =
          by_host == nullptr ? protocol_.find(cn, Sender::device, dialect, st, surface_water_) : by_host;
      return by_device == nullptr ? protocol_.find(cn, Sender::host, dialect, st, surface_water_) : by_device;
    };
    command_ = find(dialect_);
    if (command_ != nullptr) return;
    if (!protocol_.knows(cn, Sender::device) && !protocol_.knows(cn, Sender::host)) {
      note(Deviation::command_unknown);
    } else if (dialect_ != Dialect::unknown) {
      note(Deviation::command_removed);
    }
    // The form of a command of another edition is judged by that edition, the newest first.
    for (const auto dialect : {Dialect::v2025, Dialect::v2017, Dialect::v2005}) {
      if (command_ == nullptr) command_ = find(dialect);
    }
  }

  void request_number(Instant received_at, std::int64_t clock_tolerance_ms) {
    if (!header().qn) {
      qn_ = QnVariant::missing;
      // HJ/T 212-2005 uploads carry none, and its replies carry it in the area.
      if (!is_2005()) note(Deviation::qn_missing);
      return;
    }
    const std::string_view qn = *header().qn;
    const auto instant = qn.size() == kQn ? parse_compact(qn) : std::nullopt;
    if (!instant) {
      qn_ = qn.size() == kEpochQn && all_digits(qn) ? QnVariant::epoch_ms : QnVariant::other;
      note(Deviation::qn_shape);
      return;
    }
    // A reply repeats the QN of the request, so it tells the clock of whoever asked.
    const bool own_clock =
        command_ == nullptr || (command_->kind != CommandKind::reply && command_->sender == Sender::device);
    const std::int64_t off = received_at.ms_since(*instant);
    if (own_clock && (off > clock_tolerance_ms || off < -clock_tolerance_ms)) note(Deviation::clock_off);
  }

  void device_number() {
    const std::string_view mn = header().mn.value_or(std::string_view());
    const std::string_view cn = header().cn.value_or(std::string_view());
    auto variant = MnVariant::other;
    if (mn.empty()) {
      variant = MnVariant::empty;
    } else if (is_number_of_device(mn)) {
      variant = MnVariant::hex_24;
    } else if (surface_water_ && (header().st == "21" || mn.find('_') != std::string_view::npos)) {
      variant = MnVariant::surface_water;
    } else if (mn.size() == kMn2005) {
      variant = MnVariant::characters_14;
    }
    count(counts_, Trait::mn, variant);
    bool regular = variant == MnVariant::hex_24;
    if (is_2005()) regular = mn.size() == kMn2005;
    if (surface_water_) regular = variant == MnVariant::surface_water;
    // Before a device has its number, HJ 212-2025 C.2: 1001 and its reply.
    if (dialect_ == Dialect::v2025 && mn.empty()) regular = cn == "1001" || cn == "9013";
    if (!regular) note(Deviation::mn_shape);
  }

  void rest_of_header() {
    if (header().pw.value_or(std::string_view()).size() != kPassword) note(Deviation::password_shape);
    auto version = VersionVariant::no_flag;
    if (header().flag) {
      switch (header().flag->version()) {
        case 0: version = VersionVariant::v0; break;
        case 1: version = VersionVariant::v1; break;
        case 2: version = VersionVariant::v2; break;
        default: version = VersionVariant::other; break;
      }
      if (header().flag->split() && (!header().pnum || !header().pno)) note(Deviation::split_without_numbers);
    } else if (!is_2005()) {
      note(Deviation::flag_missing);
    }
    count(counts_, Trait::version, version);

    const std::string_view cn = header().cn.value_or(std::string_view());
    if (is_reply(cn)) {
      if (header().st != "91") note(Deviation::reply_system);
      if (header().flag && header().flag->ack()) note(Deviation::reply_wants_answer);
    }
    if (cn == "9015") count(counts_, Trait::heartbeat, HeartbeatVariant::cn_9015);
    if (cn == "9021") count(counts_, Trait::heartbeat, HeartbeatVariant::cn_9021);
    if (cn == "2011" && trim(header().cp.value_or(std::string_view())).empty())
      count(counts_, Trait::heartbeat, HeartbeatVariant::empty_2011);
    if (cn == "8011" || cn == "8012") count(counts_, Trait::heartbeat, HeartbeatVariant::login_8011);
  }

  void area() {
    const std::string_view received = header().cp.value_or(std::string_view());
    if (received.size() > (is_2005() ? kMaxArea2005 : kMaxArea)) note(Deviation::area_too_long);
    const bool cipher = reading_.encrypted || reading_.verdict == Verdict::not_decrypted;
    if (cipher || (dialect_ == Dialect::v2025 && received.size() >= kSm4Block))
      count(counts_, Trait::encryption, cipher ? EncryptionVariant::cipher : EncryptionVariant::clear);
    // An area below one block stays in clear by the rule itself.
    if (!cipher && dialect_ == Dialect::v2025 && command_ != nullptr && command_->encrypted &&
        received.size() >= kSm4Block) {
      note(Deviation::not_encrypted);
    }
    AreaHabits habits;
    if (reading_.verdict != Verdict::not_decrypted) {
      habits = examine_area(reading_.area, reader_.fields(), command_, protocol_, dialect_, found_);
      if (has(found_, Deviation::foreign_text)) {
        count(counts_, Trait::text, TextVariant::gbk);
      } else if (!habits.ascii) {
        count(counts_, Trait::text, TextVariant::utf8);
      }
    }
    if (habits.data_time) count(counts_, Trait::data_time, *habits.data_time);
    if (habits.old_codes || habits.current_codes) {
      const auto codes = !habits.old_codes      ? CodesVariant::current
                         : habits.current_codes ? CodesVariant::mixed
                                                : CodesVariant::old;
      count(counts_, Trait::codes, codes);
    }
    if (habits.qn && qn_ == QnVariant::missing) qn_ = QnVariant::in_area;
    count(counts_, Trait::qn, qn_);
  }

  FrameReader& reader_;
  const FrameReading& reading_;
  const Protocol& protocol_;
  TraitCounts& counts_;
  Deviations found_;
  Dialect dialect_ = Dialect::unknown;
  bool surface_water_ = false;
  const Command* command_ = nullptr;
  QnVariant qn_ = QnVariant::digits_17;
};

}  // namespace

Deviations examine(FrameReader& reader, const FrameReading& reading, const Protocol& protocol, Instant received_at,
                   std::int64_t clock_tolerance_ms, TraitCounts& counts) {
  if (reading.verdict == Verdict::not_a_frame) return {};
  return Examination(reader, reading, protocol, counts).run(received_at, clock_tolerance_ms);
}

}  // namespace mj::hj212
