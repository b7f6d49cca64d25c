#pragma once

#include "mj/telemetry/frame_reading.hpp"
