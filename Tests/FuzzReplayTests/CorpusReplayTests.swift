import FusionCore
import FuzzTargets
import TestSupport
import Testing
