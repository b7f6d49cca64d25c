#include "mj/hj212/frame_reader.hpp"

#include <openssl/crypto.h>
#include <algorithm>

#include "blocks.hpp"
#include "clear_text.hpp"
#include "header_reading.hpp"
#include "mj/hj212/crc.hpp"
#include "whole_frame.hpp"

namespace mj::hj212 {
namespace {

bool same_password(std::string_view a, std::string_view b) {
  // The length of a password is no secret: six characters, HJ 212-2017 table 3.
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// Why a frame in clear with this CRC is not accepted.
std::string_view crc_error(CrcMatch match) {
  switch (match) {
    case CrcMatch::hj: return "the CRC is that of HJ 212, the profile asks for another";
    case CrcMatch::modbus: return "the CRC is CRC16/Modbus";
    case CrcMatch::modbus_le: return "the CRC is CRC16/Modbus, low byte first";
    case CrcMatch::none: return "the CRC is wrong";
    case CrcMatch::absent: return "the CRC is missing";
  }
  return "the CRC is wrong";
}

}  // namespace

FrameReader::FrameReader() : framer_(FramerLimits{.max_segment = 9999}) {}

const FrameReading& FrameReader::read(BytesView frame, const DeviceSettings& settings) {
  if (!cut_whole(frame, piece_)) {
    framer_.reset();
    framer_.push(frame);
    framer_.finish();
    piece_ = framer_.next().value_or(Piece{});
  }
  return read_piece(settings);
}

const FrameReading& FrameReader::read(const Piece& piece, const DeviceSettings& settings) {
  piece_ = piece;
  return read_piece(settings);
}

const FrameReading& FrameReader::read_piece(const DeviceSettings& settings) {
  reading_ = {};
  fields_read_ = false;
  if (!piece_.framed) {
    reading_.error = "no frame";
    return reading_;
  }
  standard_header_ = read_standard_header(piece_.segment, reading_.header);
  if (!standard_header_) {
    HeaderReading header = read_any_header(piece_.segment);
    reading_.header = header.header;
    header_error_ = std::move(header.error);
  } else {
    header_error_.clear();
  }
  reading_.crc = piece_.crc.match;
  reading_.crc_hj = piece_.crc.hj;
  reading_.area = reading_.header.cp.value_or(std::string_view());

  const Profile& profile = settings.profile;
  const bool crc_fits = accepts(profile.crc, piece_.crc, piece_.segment);
  const bool may_open =
      !settings.keys.empty() && profile.encryption != Encryption::off && reading_.area.size() >= kSm4Block;
  // A CRC of 8 bits fits ciphertext once in 256 times, so with keys at hand the text must look like text as well.
  if (may_open && !(crc_fits && is_plausible(reading_.area))) open_area(settings);
  const bool closed = !reading_.encrypted && !crc_fits && looks_enciphered(reading_.area);
  if (closed) reading_.area = {};

  const bool password_matters = !profile.password.empty();
  reading_.password_differs =
      password_matters && !same_password(profile.password, reading_.header.pw.value_or(std::string_view()));
  if (!header_error_.empty()) {
    reading_.verdict = Verdict::header_incomplete;
    reading_.error = header_error_;
  } else if (closed) {
    reading_.verdict = Verdict::not_decrypted;
    reading_.error = settings.keys.empty() ? "the data area is in cipher, and there is no key"
                                           : "the data area is in cipher, and no key opens it";
  } else if (!reading_.encrypted && !crc_fits) {
    reading_.verdict = Verdict::crc_wrong;
    reading_.error = crc_error(piece_.crc.match);
  } else if (reading_.password_differs && profile.password_rule == PasswordRule::reject) {
    reading_.verdict = Verdict::password_wrong;
    reading_.error = "the password is not the registered one";
  } else {
    reading_.verdict = Verdict::good;
  }
  return reading_;
}

void FrameReader::open_area(const DeviceSettings& settings) {
  const std::string_view cipher = reading_.area;
  const auto at = static_cast<std::size_t>(cipher.data() - piece_.segment.data());
  clear_.assign(piece_.segment);
  for (std::size_t key = 0; key < settings.keys.size(); ++key) {
    sm4_blocks(settings.keys[key], Direction::decrypt, cipher, clear_.data() + at);
    const std::string_view area = std::string_view(clear_).substr(at, cipher.size());
    if (!is_plausible(area)) continue;
    // HJ 212-2025 §6.4 as reported: the CRC is that of the segment in clear.
    const CrcCheck check = check_crc(clear_, piece_.crc.given);
    if (!accepts(settings.profile.crc, check, clear_)) continue;
    reading_.encrypted = true;
    reading_.key = key;
    reading_.crc = check.match;
    reading_.crc_hj = check.hj;
    reading_.area = area;
    return;
  }
}

const std::vector<Field>& FrameReader::fields() {
  if (!fields_read_) {
    read_fields(reading_.area, fields_);
    fields_read_ = true;
  }
  return fields_;
}

}  // namespace mj::hj212
