#include "mj/evidence_format/merkle.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/entry.hpp"
