// Reading of arbitrary bytes as data segment: nothing crashes, views stay inside, an answer is a frame that is not
// answered, and every line of JSON parses back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "mj/hj212/framer.hpp"
#include "mj/hj212/json.hpp"
#include "mj/hj212/message.hpp"

namespace {

using namespace mj::hj212;

void require(bool condition) {
  if (!condition) std::abort();
}

void require_inside(std::string_view part, std::string_view whole) {
  if (part.empty()) return;
  const std::less_equal<const char*> before;
  require(before(whole.data(), part.data()) && before(part.data() + part.size(), whole.data() + whole.size()));
}

void decode_segment(std::string_view segment) {
  const HeaderReading reading = read_header(segment);
  const Header& header = reading.header;
  for (const auto& field :
       {header.qn, header.st, header.cn, header.pw, header.mn, header.pnum, header.pno, header.rf, header.cp}) {
    if (field) require_inside(*field, segment);
  }
  require(!name(dialect_of(header)).empty());

  std::vector<Field> fields;
  read_fields(header.cp.value_or(segment), fields);
  for (const Field& field : fields) {
    require_inside(field.factor, segment);
    require_inside(field.key, segment);
    require_inside(field.value, segment);
    (void)read_data_time(field.value);
    require(!to_utf8(to_utf8(field.value).text).recoded);
  }

  for (const Answer answer : {Answer::data_reply_9014, Answer::notice_reply_9013}) {
    const std::string bytes = answer_frame(header, answer);
    require(bytes.size() > 12);
    const Header back = read_header(std::string_view(bytes).substr(6, bytes.size() - 12)).header;
    require(!back.flag || !back.flag->ack());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  decode_segment(input);

  Framer framer;
  const std::string wrapped = size <= 8192 ? frame(input) : std::string();
  framer.push(mj::as_bytes(input));
  framer.push(mj::as_bytes(wrapped));
  framer.finish();
  while (const auto piece = framer.next()) {
    for (const CrcRule rule : {CrcRule::hj, CrcRule::modbus, CrcRule::off}) {
      const auto line = nlohmann::json::parse(to_json(*piece, rule));
      require(line.at("ok").get<bool>() != line.contains("error"));
      require(line.at("len") == piece->bytes.size());
    }
    if (piece->framed) decode_segment(piece->segment);
  }
  return 0;
}
