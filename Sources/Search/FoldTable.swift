/// Which letters are the same for who searches: a letter with marks and the letter without, forms
/// of one letter, ligatures and their parts.
///
/// The table is that of Unicode's compatibility decompositions without the marks, for letters in
/// lower case of the scripts that have such forms, and a few that people type for each other.
enum FoldTable {
    /// The UTF-8 bytes for `scalar`, which is in lower case; nil when it stands for itself.
    static func fold(_ scalar: UInt32) -> [UInt8]? {
        if scalar < 0x2000 {
            let place = Int(low[Int(scalar)])
            return place == 0 ? nil : targets[place]
        }
        guard scalar >= 0xFB00 else { return nil }
        return high.first { $0.scalar == scalar }.map { targets[$0.place] }
    }

    /// What the letters of each row are folded to; the first belongs to none.
    private static let targets: [[UInt8]] = [[]] + rows.map { Array($0.target.utf8) }

    /// The place in ``targets`` of each letter below 0x2000; zero for most.
    private static let low: [UInt8] = {
        var places = [UInt8](repeating: 0, count: 0x2000)
        for (place, row) in rows.enumerated() {
            for letter in row.letters.unicodeScalars where letter.value < 0x2000 {
                places[Int(letter.value)] = UInt8(place + 1)
            }
        }
        return places
    }()

    /// The few above.
    private static let high: [(scalar: UInt32, place: Int)] = {
        var places: [(scalar: UInt32, place: Int)] = []
        for (place, row) in rows.enumerated() {
            for letter in row.letters.unicodeScalars where letter.value >= 0x2000 {
                places.append((letter.value, place + 1))
            }
        }
        return places
    }()

    /// Each row: a target, and the letters that are folded to it.
    private static let rows: [(target: Substring, letters: Substring)] = table.split(
        separator: "\n"
    )
    .compactMap { line in
        let parts = line.split(separator: " ")
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }

    private static let table = """
        a ªàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ
        ae æǣǽ
        aʾ ẚ
        b ḃḅḇ
        c çćĉċčḉ
        d ðďđḋḍḏḑḓ
        dz ǆǳ
        e èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ
        f ḟ
        ff ﬀ
        ffi ﬃ
        ffl ﬄ
        fi ﬁ
        fl ﬂ
        g ĝğġģǧǵḡ
        h ĥħȟḣḥḧḩḫẖ
        i ìíîïĩīĭįıǐȉȋḭḯỉị
        ij ĳ
        j ĵǰ
        k ķǩḱḳḵ
        l ĺļľłḷḹḻḽ
        lj ǉ
        m ḿṁṃ
        n ñńņňŋǹṅṇṉṋ
        nj ǌ
        o ºòóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ
        oe œ
        p ṕṗ
        r ŕŗřȑȓṙṛṝṟ
        s śŝşšſșṡṣṥṧṩẛ
        ss ß
        st ﬅﬆ
        t ţťțṫṭṯṱẗ
        th þ
        u ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự
        v ṽṿ
        w ŵẁẃẅẇẉẘ
        x ẋẍ
        y ýÿŷȳẏẙỳỵỷỹ
        z źżžẑẓẕ
        ʒ ǯ
        ʹ ʹ
        ʼn ŉ
        α άἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ
        β ϐ
        ε έϵἐἑἒἓἔἕὲέ
        η ήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ
        θ ϑ
        ι ΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ
        κ ϰ
        μ µ
        ο όὀὁὂὃὄὅὸό
        π ϖ
        ρ ϱῤῥ
        σ ςϲ
        υ ΰϋύϒϓϔὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ
        φ ϕ
        ω ώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ
        а ӑӓ
        г ѓ
        е ѐёӗ
        ж ӂӝ
        з ӟ
        и йѝӣӥ
        к ќ
        о ӧ
        у ўӯӱӳ
        ч ӵ
        ы ӹ
        э ӭ
        і ї
        ѵ ѷ
        ә ӛ
        ө ӫ
        ا آأإ
        اٴ ٵ
        ك ک
        ه ةھہۂۃ
        و ؤ
        وٴ ٶ
        ي ئىی
        يٴ ٸ
        ۇٴ ٷ
        ے ۓ
        ە ۀ
        क क़
        ख ख़
        ग ग़
        ज ज़
        ड ड़
        ढ ढ़
        फ फ़
        य य़
        ড ড়
        ঢ ঢ়
        য য়
        ਖ ਖ਼
        ਗ ਗ਼
        ਜ ਜ਼
        ਫ ਫ਼
        ਲ ਲ਼
        ਸ ਸ਼
        ぁ ｧ
        あ ｱ
        ぃ ｨ
        い ｲ
        ぅ ｩ
        う ｳ
        ぇ ｪ
        え ｴ
        ぉ ｫ
        お ｵ
        か ｶ
        き ｷ
        く ｸ
        け ｹ
        こ ｺ
        さ ｻ
        し ｼ
        す ｽ
        せ ｾ
        そ ｿ
        た ﾀ
        ち ﾁ
        っ ｯ
        つ ﾂ
        て ﾃ
        と ﾄ
        な ﾅ
        に ﾆ
        ぬ ﾇ
        ね ﾈ
        の ﾉ
        は ﾊ
        ひ ﾋ
        ふ ﾌ
        へ ﾍ
        ほ ﾎ
        ま ﾏ
        み ﾐ
        む ﾑ
        め ﾒ
        も ﾓ
        ゃ ｬ
        や ﾔ
        ゅ ｭ
        ゆ ﾕ
        ょ ｮ
        よ ﾖ
        ら ﾗ
        り ﾘ
        る ﾙ
        れ ﾚ
        ろ ﾛ
        わ ﾜ
        を ｦ
        ん ﾝ
        ー ｰ
        """
}
