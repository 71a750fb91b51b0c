import SyntheticData
import Testing

@Suite struct SceneSamplerTests {
  @Test func aPictureDependsOnSeedAndNumberOnly() {
    let sampler = SceneSampler(seed: 4)
    let backwards = (0..<40).reversed().map { sampler.picture($0) }
    let forwards = (0..<40).map { SceneSampler(seed: 4).picture($0) }
    #expect(forwards == Array(backwards.reversed()))
    #expect(Set(forwards.map(\.scene)).count == 40)
    let others = (0..<40).map { SceneSampler(seed: 5).picture($0) }
    #expect(zip(forwards, others).allSatisfy { $0.scene != $1.scene })
  }

  /// Every set of categories, each with as many pictures as there are kinds.
  @Test func questionsKeepToTheCategories() {
    let all = SceneCategory.allCases
    for mask in 1..<(1 << all.count) {
      let categories = Set(all.indices.filter { mask >> $0 & 1 == 1 }.map { all[$0] })
      let sampler = SceneSampler(seed: UInt64(mask), categories: categories)
      let pictures = (0..<14).map { sampler.picture($0) }
      #expect(pictures.allSatisfy { $0.questions.count == SceneSampler.questionsPerPicture })
      #expect(Set(pictures.flatMap(\.questions).map(\.category)) == categories, "\(categories)")
    }
  }

  @Test func questionsOfAPictureDiffer() {
    let sampler = SceneSampler(seed: 9)
    for number in 0..<500 {
      let texts = sampler.picture(number).questions.map(\.question)
      #expect(Set(texts).count == texts.count, "\(texts)")
    }
  }

  @Test func objectsStandApartInsideThePicture() {
    let sampler = SceneSampler(seed: 12)
    for number in 0..<1000 {
      let objects = sampler.picture(number).scene.objects
      for (index, object) in objects.enumerated() {
        // A line of a twelfth of the side goes around an object.
        let half = object.size.side * 54 / 100
        #expect(min(object.x, object.y) >= half && max(object.x, object.y) <= 1000 - half)
        for other in objects[..<index] {
          let reach = half + other.size.side * 54 / 100
          #expect(abs(object.x - other.x) >= reach || abs(object.y - other.y) >= reach, "picture \(number)")
        }
      }
    }
  }

  @Test func optionsAreFourDifferentOnes() {
    let sampler = SceneSampler(seed: 2)
    let questions = (0..<400).flatMap { sampler.picture($0).questions }.filter { $0.form == .choice }
    #expect(questions.count > 200)
    for question in questions {
      let lines = question.text.split(separator: "\n").dropFirst().dropLast()
      #expect(lines.map { $0.prefix(3) } == ["A. ", "B. ", "C. ", "D. "])
      #expect(Set(lines.map { $0.dropFirst(3) }).count == 4)
      #expect(lines.contains { $0 == "\(question.answer). \(question.spokenAnswer)" })
    }
  }

  @Test func captionsAreSentences() {
    let sampler = SceneSampler(seed: 3)
    for number in 0..<200 {
      let picture = sampler.picture(number)
      for text in [picture.caption, picture.description] {
        #expect(text.hasSuffix(".") && text.first?.isUppercase == true && !text.contains("  "), "\(text)")
      }
      for object in picture.scene.objects {
        #expect(picture.description.contains("\(object.color.rawValue) \(object.shape.rawValue)"))
        #expect(picture.caption.contains(object.color.rawValue))
      }
    }
  }
}
